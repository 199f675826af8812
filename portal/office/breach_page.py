"""One incident of personal data: its clock, its steps, and the people whose data it touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import DurationField, Exists, OuterRef, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from citizens.enums import BreachAct, ViewPurpose
from citizens.models import AccessLog, Breach, Citizen, User
from citizens.models.breaches import ACTS, LONGEST_WORDS
from citizens.selectors.breaches import affected_by
from citizens.services.handle_breach import may_handle_breaches, note_breach
from citizens.sla import breach_clock
from citizens.workflow import breach_acts
from notifications.selectors.incidents import by_letter, progress_of
from portal.common import clock
from portal.common.downloads import xlsx_file
from portal.common.errors import RefusedError, StaleVersionError
from portal.common.masking import mask_pin
from portal.common.spreadsheets import csv_lines
from portal.office.access import log_people_shown
from portal.office.acting import pressed, tell_refused
from portal.office.table_files import asks_for_workbook

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
PER_PAGE = 50
_SLICE = 5_000
_SEEN_WITHIN = timedelta(minutes=5)  # a session notes only so often that it is used
_LOGGED = ("full_name", "birth_date", "personal_id_masked", "address", "unit")
_HINTS = {
    BreachAct.CONTAINED: gettext_lazy("What was stopped, locked or taken back, and by whom."),
    BreachAct.REPORTED: gettext_lazy(
        "To whom and under which number. The report says: what happened, when and where; which"
        " kinds of data and of how many people; who answers for the data; what may follow; what"
        " was done. If it is late, why."
    ),
    BreachAct.TOLD: gettext_lazy("How the people were told, or why they need not be."),
    BreachAct.NOTED: gettext_lazy("What a colleague needs to know."),
    BreachAct.CLOSED: gettext_lazy("What was learnt and what is done so that it does not recur."),
}
_HEADINGS = (
    gettext_lazy("full name"), gettext_lazy("birth date"), gettext_lazy("personal number, masked"),
    gettext_lazy("address"), gettext_lazy("unit"),
)  # fmt: skip


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    one = "incidents/<uuid:public_id>/"
    return [
        path(one, guarded(show_one), name="office_breach"),
        path(f"{one}act/", guarded(act), name="office_breach_act"),
        path(f"{one}people/", guarded(show_people), name="office_breach_people"),
        path(f"{one}people/file/", guarded(people_file), name="office_breach_people_file"),
    ]


def check(request: HttpRequest) -> None:
    """Raise PermissionDenied unless the official looks after the data of the whole province."""
    if not may_handle_breaches(user=cast(User, request.user), now=clock.now()):
        raise PermissionDenied


def instant(text: str) -> datetime | None:
    """Return what a field of day and hour brought, on the clock of Viet Nam."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=clock.CIVIL_ZONE)


@require_safe
def show_one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the clock, what was done, what may be noted next; no person."""
    row, now = found(request, public_id), clock.now()
    steps = list(row.steps.select_related("by"))
    words = dict(ACTS)
    context = {
        "title": row.code,
        "row": row,
        "timer": breach_clock(row.found_at, row.reported_at, now),
        "steps": steps,
        "acts": [
            (act, words[act], _HINTS[act]) for act in breach_acts([step.act for step in steps])
        ],
        "progress": progress_of(breach=row),
        "longest": LONGEST_WORDS,
        "now": clock.civil_time(now),
        "is_fullwidth": "1",
    }
    return render(request, "office/breach.html", admin.site.each_context(request) | context)


@require_POST
def act(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Write down the step that was pressed; the service says what is open."""
    row = found(request, public_id)
    wanted, at = request.POST.get("act", ""), request.POST.get("at", "")
    if wanted not in set(BreachAct):
        raise Http404
    try:
        note_breach(breach=row, act=BreachAct(wanted), at=_done_at(at), **pressed(request))
    except (RefusedError, StaleVersionError) as refused:
        tell_refused(request, refused)
    else:
        messages.success(request, _("Noted."))
    return redirect("admin:office_breach", public_id=public_id)


def _done_at(text: str) -> datetime | None:
    """Return the instant that was typed, None for nothing; RefusedError for nonsense."""
    at = instant(text)
    if text and at is None:
        raise RefusedError(_("Please give day and hour."))
    return at


@require_safe
def show_people(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show whose data was touched, a page at a time; who is shown is logged."""
    row = found(request, public_id)
    rows = _asked(request, row).select_related("unit")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    people = list(page.object_list)
    _log(request, row, [one.pk for one in people])
    context = {
        "title": row.code,
        "row": row,
        "people": [(one, mask_pin(one.pin) if one.pin else "–") for one in people],
        "page": page,
        "is_by_letter": _is_by_letter(request),
        "is_fullwidth": "1",
    }
    return render(request, "office/breach_people.html", admin.site.each_context(request) | context)


@require_safe
def people_file(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Hand out the whole list; everybody in it is logged before the first row leaves."""
    row = found(request, public_id)
    keys = list(_asked(request, row).values_list("pk", flat=True))
    with transaction.atomic():
        for some in _slices(keys):
            _log(request, row, some)
    response: HttpResponseBase
    if asks_for_workbook(request):
        response = xlsx_file(f"{row.code}.xlsx", _rows(keys))
    else:
        lines = csv_lines(_rows(keys))
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{row.code}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def found(request: HttpRequest, public_id: UUID) -> Breach:
    """Return the incident; 403 for who may not handle any, 404 where there is none."""
    check(request)
    rows = Breach.objects.select_related("actor", "register")
    return get_object_or_404(rows, public_id=public_id)


def affected(row: Breach) -> QuerySet[Citizen]:
    """Return the people whose data the incident touched, by name."""
    return affected_by(row, at_address=_views_from(row.address) if row.address else None)


def _asked(request: HttpRequest, row: Breach) -> QuerySet[Citizen]:
    """Return the people touched, or with `only=letter` those whom no message reached."""
    return by_letter(breach=row) if _is_by_letter(request) else affected(row)


def _is_by_letter(request: HttpRequest) -> bool:
    return request.GET.get("only") == "letter"


def _views_from(address: str) -> QuerySet[Any]:
    """Return the views during a session that began at an address, as far as it is still known."""
    sessions = UserSession.objects.filter(
        ip=address,
        user=OuterRef("actor"),
        created_at__lte=OuterRef("recorded_at"),
        last_seen_at__gte=OuterRef("recorded_at") - Value(_SEEN_WITHIN, DurationField()),
    )
    return AccessLog.objects.order_by().filter(Exists(sessions)).values("pk")


def _log(request: HttpRequest, row: Breach, people: Sequence[int]) -> None:
    log_people_shown(
        request, people=people, fields=_LOGGED, purpose=ViewPurpose.AUDIT, reference=row.code
    )


def _slices(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + _SLICE] for start in range(0, len(keys), _SLICE))


def _rows(keys: Sequence[int]) -> Iterator[tuple[object, ...]]:
    """Yield the headings, then the people in the order of their keys, some at a time."""
    yield tuple(str(head) for head in _HEADINGS)
    for some in _slices(keys):
        by_key = Citizen.objects.select_related("unit").in_bulk(some)
        for key in some:
            one = by_key[key]
            number = mask_pin(one.pin) if one.pin else ""
            born = f"{one.birth_date:%d/%m/%Y}" if one.birth_date else ""
            yield (one.full_name, born, number, one.current_address, one.unit or "")
