"""Who looked at the person's data, and at that of those they act for; the same as a file."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from citizens.enums import ViewPurpose
from citizens.models import AccessLog, Agency, Citizen
from citizens.models.access import PURPOSES
from citizens.selectors import AgencyMissingError, competent_agency
from citizens.selectors.seals import last_sealed_at, looks_at
from dossiers.selectors import dossiers_of
from portal.common import clock
from portal.common.downloads import csv_file
from portal.web.access import for_citizens
from portal.web.presenters.looks import Look, by_day, looks, office_name
from portal.web.presenters.people import others, parties_of

ON_A_PAGE = 20
NO_OFFICE = "0"
_MOST_ROWS = 10_000
_COMMUNE_OFFICE = "ubnd_xa"


@dataclass(frozen=True)
class Wish:
    """What the person wants to see; anything unknown is left out."""

    office: str = ""
    purpose: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Wish:
        """Read the query string."""
        office, purpose = request.GET.get("office", ""), request.GET.get("purpose", "")
        return cls(
            office=office if office.isdecimal() and len(office) < 10 else "",
            purpose=purpose if purpose in {str(one) for one in ViewPurpose} else "",
        )

    def apply(self, rows: QuerySet[AccessLog]) -> QuerySet[AccessLog]:
        """Return the rows that were asked for."""
        if self.office:
            rows = rows.filter(office=None if self.office == NO_OFFICE else int(self.office))
        return rows.filter(purpose=self.purpose) if self.purpose else rows

    @property
    def query(self) -> str:
        """The same for an address, with an `&` at the end; empty for all."""
        asked = {name: value for name, value in vars(self).items() if value}
        return urlencode(asked) + "&" if asked else ""


@for_citizens
@require_safe
def views(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """List who looked, the latest first, grouped by day."""
    wish, names = Wish.of(request), _names(citizen)
    all_rows = looks_at(parties=names)
    page = Paginator(wish.apply(all_rows), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "days": by_day(_told(page.object_list, citizen, names)),
        "page": page,
        "wish": wish,
        "offices": _offices(all_rows),
        "purposes": PURPOSES,
        "sealed_at": last_sealed_at(),
        "ask": _office_to_ask(citizen),
    }
    return render(request, "web/views.html", context)


@for_citizens
@require_safe
def views_file(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Hand out the same as CSV, of at most the ten thousand latest views."""
    names = _names(citizen)
    rows = Wish.of(request).apply(looks_at(parties=names))[:_MOST_ROWS]
    header = [
        _("Day and hour"),
        _("Office"),
        _("Position"),
        _("Purpose"),
        _("Dossier"),
        _("What was shown"),
        _("About"),
        _("Other people on the page"),
    ]
    told = _told(rows, citizen, names)
    return csv_file("ai-da-xem-du-lieu.csv", chain([header], map(_cells, told)))


def _cells(look: Look) -> list[object]:
    at = clock.civil_time(look.at).strftime("%d/%m/%Y %H:%M:%S")
    words = (look.office, look.position, look.purpose, look.reference, look.shown, look.about)
    return [at, *words, look.shared]


def _names(citizen: Citizen) -> dict[int, str]:
    """Return the person and those they act for, by key, as the page calls them."""
    day = clock.today()
    reader = {citizen.pk: pgettext("the reader", "yourself")}
    return reader | others(parties_of(citizen, day), citizen)


def _told(rows: Any, citizen: Citizen, names: dict[int, str]) -> list[Look]:
    shown = list(rows)
    codes = {row.reference for row in shown if row.reference}
    mine = dossiers_of(citizen=citizen).filter(code__in=codes).values_list("code", "public_id")
    links = {code: reverse("web:dossier", args=[public_id]) for code, public_id in mine}
    return looks(shown, names=names, links=links)


def _offices(rows: QuerySet[AccessLog]) -> list[tuple[str, str]]:
    """Return the offices that looked, as choices (key, name)."""
    found = rows.order_by("office__name_vi", "office_id").distinct("office__name_vi", "office_id")
    return [
        (str(row.office_id), office_name(row)) if row.office else (NO_OFFICE, _("No office"))
        for row in found
    ]


def _office_to_ask(citizen: Citizen) -> Agency | None:
    """Return the office where the person may ask about a look that seems wrong."""
    try:
        return competent_agency(kind=_COMMUNE_OFFICE, unit=citizen.unit, day=clock.today())
    except AgencyMissingError:
        return None
