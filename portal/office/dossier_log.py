"""Sổ theo dõi hồ sơ (form 07): the dossiers of an agency in a period, on the screen and as PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citizens.enums import ViewPurpose
from citizens.models import Agency
from dossiers.documents.facts.tracking import log_of
from dossiers.documents.typesetting import typeset
from dossiers.models import Dossier
from portal.common import clock
from portal.common.downloads import sealed_paper
from portal.office.access import log_people_shown
from portal.office.names import party_name
from portal.office.queue import dossiers_of
from portal.office.roles import Desk
from portal.office.standing import Standing, standing_of

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
MOST_ON_PAGE = 100
MOST_ON_PAPER = 1000
_LONGEST = timedelta(days=366)
_READ = ("procedure_version", "applicant__party", "assignee__user", "competent__unit")
_LOGGED = ("full_name", "dossier_code", "procedure", "status")


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages of this desk, each behind the door that `guarded` puts in front."""
    return [
        path("dossier-log/", guarded(show_log), name="office_log"),
        path("dossier-log/file.pdf", guarded(log_file), name="office_log_file"),
    ]


@dataclass(frozen=True)
class Wish:
    """Which agency and which days (both ends belong to it); anything unknown is the usual."""

    agency: Agency | None
    agencies: tuple[Agency, ...]
    since: date
    until: date

    @classmethod
    def of(cls, request: HttpRequest, standing: Standing) -> Wish:
        """Read the query string; first the official's own agency and this month."""
        asked = request.GET
        units = standing.units_of(Desk.QUEUE)
        seen = Agency.objects.filter(unit__in=units).select_related("unit").order_by("name_vi")
        agencies = tuple(seen.filter(dossiers__isnull=False).distinct())
        own = getattr(getattr(request.user, "official", None), "agency_id", None)
        usual = next((one for one in agencies if one.pk == own), next(iter(agencies), None))
        until = _day(asked.get("until")) or standing.day
        since = _day(asked.get("since")) or until.replace(day=1)
        return cls(
            agency=next((one for one in agencies if one.code == asked.get("agency")), usual),
            agencies=agencies,
            since=max(min(since, until), until - _LONGEST),
            until=until,
        )

    def dossiers(self, standing: Standing) -> QuerySet[Dossier]:
        """Return what was filed in those days, in the order of filing."""
        begin = datetime.combine(self.since, time(), clock.CIVIL_ZONE)
        end = datetime.combine(self.until + timedelta(days=1), time(), clock.CIVIL_ZONE)
        mine = dossiers_of(standing).filter(competent=self.agency)
        filed = mine.filter(submitted_at__gte=begin, submitted_at__lt=end)
        return filed.select_related(*_READ).order_by("submitted_at", "pk")


@require_safe
def show_log(request: HttpRequest) -> HttpResponse:
    """Show the log of a period, at most 100 rows of it."""
    standing, wish = _asked(request)
    dossiers = wish.dossiers(standing)
    rows = list(dossiers[:MOST_ON_PAGE])
    _log(request, rows)
    context = {
        "title": _("Log of dossiers"),
        "wish": wish,
        "rows": [(row, party_name(row.applicant.party)) for row in rows],
        "count": dossiers.count(),
        "is_fullwidth": "1",
    }
    shown = admin.site.each_context(request) | context
    return render(request, "office/dossier_log.html", shown)


@require_safe
def log_file(request: HttpRequest) -> HttpResponse:
    """Return the log as PDF, at most 1,000 rows; the paper says how many are left out."""
    standing, wish = _asked(request)
    if wish.agency is None:
        raise PermissionDenied
    dossiers = wish.dossiers(standing)
    rows = list(dossiers[:MOST_ON_PAPER])
    _log(request, rows)
    with translation.override("vi"):
        facts = log_of(
            agency=wish.agency,
            dossiers=rows,
            left_out=dossiers.count() - len(rows),
            since=wish.since,
            until=wish.until,
            official=str(request.user),
            today=standing.day,
        )
    name = f"so-theo-doi-{wish.agency.code}-{wish.since:%Y%m%d}-{wish.until:%Y%m%d}.pdf"
    return sealed_paper(name, typeset("log", facts, at=clock.now()).pdf, keep=False)


def _asked(request: HttpRequest) -> tuple[Standing, Wish]:
    standing = standing_of(request)
    if not standing.sees(Desk.QUEUE):
        raise PermissionDenied
    return standing, Wish.of(request, standing)


def _log(request: HttpRequest, rows: list[Dossier]) -> None:
    log_people_shown(
        request,
        people=[row.applicant_id for row in rows],
        fields=_LOGGED,
        purpose=ViewPurpose.DOSSIER,
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
