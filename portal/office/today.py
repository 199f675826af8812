"""The first page: what needs me now, and whether the house is awake."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext as _

from citizens.enums import ViewPurpose
from dossiers.enums import ClockColour
from dossiers.selectors.speaking import JUDGES
from notifications.enums import MessageState
from notifications.models import Message
from notifications.selectors import due_heap
from portal.common import clock
from portal.common.sql import ask_together
from portal.office.access import log_people_shown
from portal.office.alarms import shown_alarms
from portal.office.alerts import shown_alerts
from portal.office.breaches import waiting_breaches
from portal.office.clock_colours import SIGNS, Day
from portal.office.directives import waiting_directives
from portal.office.late import waiting_disputes
from portal.office.queue import at_first, row_of, urgent_first
from portal.office.roles import Desk
from portal.office.standing import Standing, standing_of
from portal.office.stray_money import waiting_money
from procedures.models import ScanRun

_SHOWN = 8
_FIRST = (ClockColour.LATE, ClockColour.SOON, ClockColour.NOT_STARTED, ClockColour.PAUSED)


def overview(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the first page; each part only to those who may open its desk."""
    standing = standing_of(request)
    context: dict[str, Any] = {
        "title": _("Today"),
        "day": standing.day,
        "cards": [],
        "rows": [],
        "scan": None,
        "waiting": None,
        "alarms": [],
        "sees_queue": standing.sees(Desk.QUEUE),
        "alerts": shown_alerts(request) if standing.sees(Desk.QUEUE) else [],
        "disputes": waiting_disputes(request) if standing.roles & JUDGES else 0,
        "breaches": waiting_breaches(request) if standing.sees(Desk.BREACHES) else [],
        "directives": waiting_directives(request),
        "strays": waiting_money(request) if standing.edits(Desk.STRAY_MONEY) else 0,
    }
    if standing.sees(Desk.QUEUE):
        context |= _work(request, standing)
    if standing.sees(Desk.SCANS):
        scans, counted = _last_scan(), _stuck()
        ask_together(scans, counted)
        context["scan"] = next(iter(scans), None)
        now = clock.now()
        due = due_heap(now)
        context["alarms"] = shown_alarms(standing, due, now)
        context["waiting"] = {
            "due": due.message_count,
            "stuck": sum(counted),
            "sees_delivery": standing.sees(Desk.DELIVERY),
        }
    return context


def _work(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    day = Day.of(standing.day)
    mine = at_first(request, standing)
    counts = mine.exclude(day.condition(ClockColour.ENDED)).aggregate(**day.counts())
    pressing = day.condition(ClockColour.LATE) | day.condition(ClockColour.SOON)
    waiting = pressing | day.condition(ClockColour.NOT_STARTED)
    rows = [row_of(dossier, day) for dossier in urgent_first(mine.filter(waiting), _SHOWN)]
    log_people_shown(
        request,
        people=[key for row in rows for key in (row.dossier.owner_id, row.dossier.applicant_id)],
        fields=("full_name", "dossier_code", "procedure", "status"),
        purpose=ViewPurpose.DOSSIER,
    )
    cards = [
        {
            "colour": colour,
            "word": SIGNS[colour][0],
            "icon": SIGNS[colour][1],
            "count": counts[colour],
        }
        for colour in _FIRST
    ]
    return {"cards": cards, "rows": rows}


def _stuck() -> QuerySet[Message, int]:
    """Return how many messages wait for somebody's help, by state."""
    stuck = Message.objects.filter(state__in=(MessageState.PARKED, MessageState.UNKNOWN))
    by_state = stuck.order_by().values("state").annotate(number=Count("pk"))
    return by_state.values_list("number", flat=True)


def _last_scan() -> QuerySet[ScanRun]:
    sums = {
        "opened": Sum("rules__opened_count"),
        "reminded": Sum("rules__reminded_count"),
        "told": Sum("rules__message_count"),
    }
    return ScanRun.objects.annotate(**sums).order_by("-on_date", "-pk")[:1]
