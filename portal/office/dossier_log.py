"""Sổ theo dõi hồ sơ (form 07): an agency's dossiers of a period, on the screen and kept as PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citizens.enums import ViewPurpose
from citizens.models import Agency, User
from dossiers.documents.store import open_stored
from dossiers.models import Dossier, LogBook
from dossiers.services.keep_log import keep_log
from portal.common import clock
from portal.common.downloads import sealed_paper
from portal.common.errors import RefusedError
from portal.office.access import log_people_shown
from portal.office.names import party_name
from portal.office.queue import dossiers_of
from portal.office.roles import Desk
from portal.office.standing import Standing, standing_of

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
MOST_ON_PAGE = 100
MOST_ON_PAPER = 1000
MOST_BOOKS = 20
_LONGEST = timedelta(days=366)
_READ = ("procedure_version", "applicant__party", "assignee__user", "competent__unit")
_LOGGED = ("full_name", "address", "phone", "dossier_code", "procedure", "status")


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages of this desk, each behind the door that `guarded` puts in front."""
    return [
        path("dossier-log/", guarded(show_log), name="office_log"),
        path("dossier-log/keep/", guarded(keep), name="office_log_keep"),
        path("dossier-log/<uuid:public_id>.pdf", guarded(log_file), name="office_log_file"),
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
        """Read what was asked for; first the official's own agency and this month."""
        asked = request.POST if request.method == "POST" else request.GET
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

    @property
    def query(self) -> dict[str, str]:
        """What asks for the same again."""
        agency = self.agency.code if self.agency else ""
        return {"agency": agency, "since": str(self.since), "until": str(self.until)}

    def dossiers(self, standing: Standing) -> QuerySet[Dossier]:
        """Return what the agency received or decides of those days, in the order of filing."""
        begin = datetime.combine(self.since, time(), clock.CIVIL_ZONE)
        end = datetime.combine(self.until + timedelta(days=1), time(), clock.CIVIL_ZONE)
        its_own = Q(competent=self.agency) | Q(received_at=self.agency)
        mine = dossiers_of(standing).filter(its_own)
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
        "books": LogBook.objects.filter(agency=wish.agency).select_related("official")[:MOST_BOOKS],
        "is_fullwidth": "1",
    }
    shown = admin.site.each_context(request) | context
    return render(request, "office/dossier_log.html", shown)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Draw the log up, at most 1,000 rows, seal and keep it; lead back to its line on the page."""
    standing, wish = _asked(request)
    if wish.agency is None:
        raise PermissionDenied
    dossiers = wish.dossiers(standing)
    rows = list(dossiers[:MOST_ON_PAPER])
    _log(request, rows)
    try:
        keep_log(
            agency=wish.agency,
            dossiers=rows,
            left_count=dossiers.count() - len(rows),
            since=wish.since,
            until=wish.until,
            user=cast(User, request.user),
            now=clock.now(),
        )
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        messages.success(request, _("The log was drawn up, sealed and kept."))
    return redirect(f"{reverse('admin:office_log')}?{urlencode(wish.query)}")


@require_safe
def log_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Return a kept log as it was drawn up, to officials of its agency's units."""
    standing, wish = _asked(request)
    book = LogBook.objects.filter(public_id=public_id, agency__in=wish.agencies).first()
    if book is None:
        raise Http404
    same = Wish(book.agency, wish.agencies, book.since, book.until)
    _log(request, list(same.dossiers(standing)[:MOST_ON_PAPER]))
    name = f"so-theo-doi-{book.agency.code}-{book.since:%Y%m%d}-{book.until:%Y%m%d}.pdf"
    return sealed_paper(name, open_stored(book), keep=False)


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
