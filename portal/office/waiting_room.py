"""How long people wait at a unit's counters and are served; the rule of the line, and the kiosk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.enums import Role
from citizens.models import Official
from dossiers.models import TicketHall
from dossiers.selectors.tickets import hall_of
from dossiers.services.open_hall import open_hall, renew_kiosk, set_rule
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.office.counter_matter import official_of
from portal.office.counter_words import either
from portal.office.roles import Desk
from portal.office.standing import standing_of
from portal.office.table_files import table_file
from portal.reporting.selectors.waits import Times, Waits, same_session, waits

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
_OF_ALL_OFFICES = frozenset({Role.PROVINCIAL_LEADER, Role.ADMINISTRATOR})
PERIODS = {"1": gettext_lazy("Today"), "30": gettext_lazy("Last 30 days")}


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages of the waiting room, each behind the door that `guarded` puts in front."""
    return [
        path("waiting-room/", guarded(show_room), name="office_waiting_room"),
        path("waiting-room/file/", guarded(room_file), name="office_waiting_room_file"),
        path("waiting-room/rule/", guarded(change), name="office_waiting_room_rule"),
        path("waiting-room/kiosk/", guarded(new_kiosk), name="office_waiting_room_kiosk"),
    ]


@dataclass(frozen=True)
class Row:
    """One line of the table, with its name."""

    name: str
    of: Waits


def _halls(request: HttpRequest) -> list[TicketHall]:
    """Return the waiting rooms in the official's units; 403 without this desk.

    Agencies of one unit have heads of their own: only leaders and administrators look at others'.
    """
    standing = standing_of(request)
    if not standing.sees(Desk.WAITING_ROOM):
        raise PermissionDenied
    units = standing.units_of(Desk.WAITING_ROOM)
    halls = TicketHall.objects.filter(agency__unit__in=units.values("pk"))
    if not standing.roles & _OF_ALL_OFFICES:
        official = official_of(request)
        halls = halls.filter(agency=official.agency) if official else halls.none()
    return list(halls.select_related("agency").order_by("agency__name_vi"))


def _own(request: HttpRequest) -> Official | None:
    """Return the official where they may change the waiting room of their office."""
    official = official_of(request)
    standing = standing_of(request)
    if official is None or not standing.edits(Desk.WAITING_ROOM):
        return None
    here = standing.units_edited(Desk.WAITING_ROOM)
    return official if here.filter(pk=official.agency.unit_id).exists() else None


@require_safe
def show_room(request: HttpRequest) -> HttpResponse:
    """Show the figures of one waiting room, and what its head may set."""
    halls, own = _halls(request), _own(request)
    mine = hall_of(agency=own.agency) if own else None
    hall = _chosen(request, halls, mine)
    context: dict[str, Any] = {
        "title": _("Waiting and serving times"),
        "halls": halls,
        "hall": hall,
        "mine": mine,
        "may_open": own is not None and mine is None,
        "days": _period(request),
        "periods": PERIODS.items(),
    }
    if hall is not None:
        first, last = _bounds(request)
        rows = list(_rows(hall, request))
        context |= {
            "total": rows[0] if rows else None,
            "by_group": [row for row in rows if row.of.group],
            "by_hour": [row for row in rows if row.of.hour is not None],
            "session": same_session(halls=[hall.pk], first=first, last=last),
            "first": first,
            "last": last,
        }
    whole = admin.site.each_context(request) | context
    return render(request, "office/waiting_room.html", whole)


@require_safe
def room_file(request: HttpRequest) -> HttpResponse:
    """Hand out the same figures as a table; each share stands with the two numbers it is of."""
    halls, own = _halls(request), _own(request)
    hall = _chosen(request, halls, hall_of(agency=own.agency) if own else None)
    if hall is None:
        raise Http404
    first, last = _bounds(request)
    cells = [
        (f"{first:%d/%m/%Y}", f"{last:%d/%m/%Y}", str(hall), row.name, row.of.drawn, row.of.absent,
         *_cells(row.of.waited), *_cells(row.of.served))
        for row in _rows(hall, request)
    ]  # fmt: skip
    session = same_session(halls=[hall.pk], first=first, last=last)
    heads = [str(head) for head in _HEADINGS]
    last_row = ["", "", str(hall), _("Finished in the same session"), session.finished]
    return table_file(
        request, "thoi-gian-cho", [heads, *cells, [*last_row, _("of"), session.filed]]
    )


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Open the waiting room of the own office, or set its rule."""
    own = _own(request)
    if own is None:
        raise PermissionDenied
    hall = open_hall(agency=own.agency)
    if "in_a_row" in request.POST:
        wanted, version = request.POST["in_a_row"], request.POST.get("version", "")
        try:
            set_rule(hall=hall, in_a_row=shown_version(wanted), version=shown_version(version))
            messages.success(request, _("The rule of the line is changed."))
        except RefusedError as refused:
            messages.error(request, " ".join(refused.reasons))
        except StaleVersionError:
            messages.error(request, _("A colleague changed this meanwhile. Please look again."))
    return redirect("admin:office_waiting_room")


@require_http_methods(["POST"])
def new_kiosk(request: HttpRequest) -> HttpResponse:
    """Make a new secret address for the kiosk and show it once; the old one ends."""
    own = _own(request)
    hall = hall_of(agency=own.agency) if own else None
    if hall is None:
        raise PermissionDenied
    token = renew_kiosk(hall=hall)
    address = request.build_absolute_uri(reverse("web:kiosk", args=[token]))
    context = {"title": _("Kiosk of the waiting room"), "hall": hall, "address": address}
    whole = admin.site.each_context(request) | context
    return render(request, "office/waiting_room_kiosk.html", whole)


def _chosen(
    request: HttpRequest, halls: list[TicketHall], mine: TicketHall | None
) -> TicketHall | None:
    """Return the room that was asked for, else the own one, else the first; None without any."""
    wanted = request.GET.get("hall", "")
    found = next((one for one in halls if str(one.public_id) == wanted), None)
    return found or (mine if mine in halls else None) or next(iter(halls), None)


def _period(request: HttpRequest) -> str:
    wanted = request.GET.get("days", "")
    return wanted if wanted in PERIODS else "1"


def _bounds(request: HttpRequest) -> tuple[Any, Any]:
    day = clock.today()
    return day - timedelta(days=int(_period(request)) - 1), day


def _rows(hall: TicketHall, request: HttpRequest) -> Iterator[Row]:
    """Yield the whole, each group and each hour; nothing when no number was drawn."""
    first, last = _bounds(request)
    names = {
        group.pk: f"{group.prefix} · {either(group.name_vi, group.name_en)}"
        for group in hall.groups.all()
    }
    for one in waits(halls=[hall.pk], first=first, last=last):
        if not one.drawn:
            continue
        if one.group:
            yield Row(names[one.group], one)
        elif one.hour is not None:
            yield Row(f"{one.hour}:00–{one.hour + 1}:00", one)
        else:
            yield Row(_("All"), one)


def _cells(times: Times) -> tuple[object, ...]:
    return times.count, _minutes(times.median), _minutes(times.p90), times.within


def _minutes(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds / 60:.1f}"


_HEADINGS = (
    gettext_lazy("from"), gettext_lazy("until"), gettext_lazy("office"),
    gettext_lazy("group or hour"), gettext_lazy("numbers drawn"), gettext_lazy("did not come"),
    gettext_lazy("called"), gettext_lazy("median of waiting (minutes)"),
    gettext_lazy("P90 of waiting (minutes)"), gettext_lazy("waited 15 minutes at most"),
    gettext_lazy("served"), gettext_lazy("median of serving (minutes)"),
    gettext_lazy("P90 of serving (minutes)"), gettext_lazy("served 30 minutes at most"),
)  # fmt: skip
