"""Who was not reached: the visit list of a commune or ward, to be printed and ticked off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from citizens.enums import ViewPurpose
from citizens.models import Unit, User
from notifications.models import Message
from notifications.selectors import of_units
from notifications.services import VisitOutcome, record_visit
from portal.common import clock
from portal.office.access import log_people_shown
from portal.office.letters import MOST_AT_ONCE
from portal.office.roles import Desk
from portal.office.standing import Standing, standing_of
from portal.office.table_files import table_file
from portal.office.visit_words import OUTCOME_WORDS, WHY_WORDS, Hamlet, hamlets
from portal.reporting.selectors.deliveries import Asked, arrivals
from portal.reporting.selectors.histories import PLACES
from portal.reporting.selectors.not_reached import LOOKS_BACK, Missed, Why, not_reached

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
DAYS = (3, 7, 14, 30)
MOST_ON_PAGE = 400
_USUAL = 7
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LOGGED = ("full_name", "address", "topic", "due_on")


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages of this desk, each behind the door that `guarded` puts in front."""
    return [
        path("visits/", guarded(show_visits), name="office_visits"),
        path("visits/file/", guarded(visits_file), name="office_visits_file"),
        path("visits/mark/", guarded(mark), name="office_visits_mark"),
    ]


@dataclass(frozen=True)
class Wish:
    """What the list was asked for; anything unknown falls back to the usual."""

    unit: Unit | None
    units: tuple[Unit, ...]
    days: int
    why: str
    is_done: bool

    @classmethod
    def of(cls, request: HttpRequest, standing: Standing) -> Wish:
        """Read the query string; a unit out of reach is not one of the choices."""
        asked = request.GET
        units = tuple(_units(standing).order_by("name_vi"))
        chosen = next((one for one in units if one.code == asked.get("unit")), None)
        days = asked.get("days", "")
        return cls(
            unit=chosen or _first_to_visit(units),
            units=units,
            days=int(days) if days in map(str, DAYS) else _USUAL,
            why=asked.get("why", "") if asked.get("why") in set(Why) else "",
            is_done=asked.get("done") == "1",
        )

    def picks(self, one: Missed) -> bool:
        """Return whether a matter belongs on the list: those told on a visit stand apart."""
        is_told = one.visit is not None and one.visit.note == VisitOutcome.TOLD
        return is_told is self.is_done and self.why in ("", one.why)


@require_safe
def show_visits(request: HttpRequest) -> HttpResponse:
    """Show the list by hamlet; everybody on it is logged."""
    wish, found = _asked(request)
    picked = [one for one in found if wish.picks(one)]
    shown = picked[:MOST_ON_PAGE]
    groups = hamlets(shown)
    _log(request, groups)
    context = {
        "title": _("Who was not reached"),
        "wish": wish,
        "days": DAYS,
        "hamlets": groups,
        "house_count": len({one.recipient for one in shown}),
        "matter_count": len(shown),
        "left_out": len(picked) - len(shown),
        "tabs": _tabs(found, wish),
        "outcomes": OUTCOME_WORDS.items(),
        "may_mark": standing_of(request).edits(Desk.VISITS),
        "letters": _letters(groups),
        "as_of": clock.now(),
        "is_fullwidth": "1",
    }
    return render(request, "office/visits.html", admin.site.each_context(request) | context)


@require_safe
def visits_file(request: HttpRequest) -> HttpResponse:
    """Hand out the same list as a file; everybody in it is logged."""
    wish, found = _asked(request)
    groups = hamlets([one for one in found if wish.picks(one)])
    _log(request, groups)
    rows = [tuple(str(head) for head in _HEADINGS), *_cells(groups)]
    return table_file(request, "chua-nhan-duoc-tin", rows)


@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    """Note what came of a visit, with who and when; a message of another unit does not exist."""
    standing = standing_of(request)
    if not standing.edits(Desk.VISITS):
        raise PermissionDenied
    given = request.POST.get("outcome", "")
    key = request.POST.get("message", "")
    units = standing.units_edited(Desk.VISITS)
    mine = Message.objects.filter(of_units(units.values("pk")))
    message = mine.filter(public_id=key).first() if _UUID.fullmatch(key) else None
    if message is None or given not in set(VisitOutcome):
        raise Http404
    record_visit(
        message=message,
        unit=_unit_of(message),
        outcome=VisitOutcome(given),
        by=cast(User, request.user),
    )
    messages.success(request, _("The visit is noted."))
    return redirect(f"{reverse('admin:office_visits')}?{request.GET.urlencode()}")


def _asked(request: HttpRequest) -> tuple[Wish, list[Missed]]:
    standing = standing_of(request)
    if not standing.sees(Desk.VISITS):
        raise PermissionDenied
    wish = Wish.of(request, standing)
    if wish.unit is None:
        return wish, []
    return wish, not_reached(unit=wish.unit, now=clock.now(), after_days=wish.days)


def _first_to_visit(units: Sequence[Unit]) -> Unit | None:
    """Return where most matters reached nobody: who asks for no unit wants to see some."""
    if len(units) < 2:
        return units[0] if units else None
    now = clock.now()
    asked = Asked(since=now - LOOKS_BACK, until=now, units=[unit.pk for unit in units])
    missed = {unit: found.missed for unit, found in arrivals(asked, now=now).items()}
    return max(units, key=lambda unit: missed.get(unit.pk, 0))


def _units(standing: Standing) -> Any:
    here: Any = standing.units_of(Desk.VISITS)
    return here.filter(valid__contains=standing.day, kind__in=PLACES)


def _unit_of(message: Message) -> Unit:
    party = message.recipient
    for table in ("citizen", "organisation", "household"):
        row = getattr(party, table, None)
        if row is not None:
            return cast(Unit, row.unit)
    raise Http404


def _log(request: HttpRequest, groups: list[Hamlet]) -> None:
    log_people_shown(
        request,
        people=[house.party.pk for group in groups for house in group.houses],
        fields=_LOGGED,
        purpose=ViewPurpose.SUPPORT,
    )


def _tabs(found: list[Missed], wish: Wish) -> list[tuple[str, Any, int]]:
    """Return the reasons with how many matters have each, among those that the list may show."""
    counts = dict.fromkeys(WHY_WORDS, 0)
    for one in found:
        is_told = one.visit is not None and one.visit.note == VisitOutcome.TOLD
        counts[one.why] += is_told is wish.is_done
    return [(why.value, WHY_WORDS[why], count) for why, count in counts.items() if count]


def _letters(groups: list[Hamlet]) -> list[str]:
    """Return the messages that letters may be printed of, as their pages know them."""
    houses = [house for group in groups for house in group.houses]
    named = [str(one.message.public_id) for house in houses for one in house.matters]
    return named[:MOST_AT_ONCE]


_HEADINGS = (
    gettext_lazy("hamlet"),
    gettext_lazy("address"),
    gettext_lazy("name"),
    gettext_lazy("matter"),
    gettext_lazy("until"),
    gettext_lazy("why not reached"),
    gettext_lazy("visit"),
    gettext_lazy("visited at"),
)


def _cells(groups: list[Hamlet]) -> Iterator[tuple[str, ...]]:
    for group in groups:
        for house in group.houses:
            for matter in house.matters:
                done_at = matter.visit.done_at if matter.visit else None
                yield (
                    group.name,
                    house.address,
                    house.name,
                    matter.words,
                    f"{matter.until:%d/%m/%Y}" if matter.until else "",
                    matter.why,
                    matter.visited,
                    f"{clock.civil_time(done_at):%d/%m/%Y %H:%M}" if done_at else "",
                )
