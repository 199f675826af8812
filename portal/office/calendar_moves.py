"""Whose date a changed calendar puts later: shown first, moved by one press with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import islice
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from citizens.models import CalendarChange
from dossiers.models import Dossier
from dossiers.selectors import moved_by_calendar
from dossiers.services import follow_calendar
from dossiers.services.follow_calendar import MOST_AT_ONCE
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office.roles import Desk
from portal.office.standing import standing_of

_SHOWN, _CHANGES = 50, 10


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the page, behind the door that `guarded` puts in front."""
    return [path("calendar/moves/", guarded(show_moves), name="office_calendar_moves")]


@require_http_methods(["GET", "HEAD", "POST"])
def show_moves(request: HttpRequest) -> HttpResponse:
    """Show what was changed and whose date would move; POST moves the dates and tells people."""
    standing = standing_of(request)
    if not standing.sees(Desk.CALENDAR):
        raise PermissionDenied
    may_move = standing.edits(Desk.CALENDAR)
    if request.method == "POST":
        if not may_move:
            raise PermissionDenied
        return _move(request)
    found = moved_by_calendar(dossiers=Dossier.objects.all(), day=standing.day)
    rows = list(islice(found, MOST_AT_ONCE + 1))
    changes = CalendarChange.objects.select_related("user").order_by("-pk")[:_CHANGES]
    context = {
        "title": _("Dates that the calendar moves"),
        "changes": changes,
        "rows": rows[:_SHOWN],
        "count": min(len(rows), MOST_AT_ONCE),
        "are_more": len(rows) > MOST_AT_ONCE,
        "agencies": Counter(str(row.dossier.competent) for row in rows).most_common(),
        "may_move": may_move,
        "is_fullwidth": "1",
    }
    return render(request, "office/calendar_moves.html", admin.site.each_context(request) | context)


def _move(request: HttpRequest) -> HttpResponse:
    try:
        moved = follow_calendar(reason=request.POST.get("reason", ""), now=clock.now())
    except RefusedError as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        said = ngettext(
            "%(count)d date was moved, and the citizen told.",
            "%(count)d dates were moved, and the citizens told.",
            moved,
        )
        messages.success(request, said % {"count": moved})
    return redirect("admin:office_calendar_moves")
