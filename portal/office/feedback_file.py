"""The feedback of people as a file: the rows of the list that its address asks for.

Who sent it is not told, as on the page; whose words leave the house is in the log of views.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from citizens.enums import ViewPurpose
from portal.office.access import log_people_shown
from portal.office.feedback import asked_for, chosen_in, viewer
from portal.office.table_files import table_file
from portal.reporting.feedback.enums import FeedbackAct
from portal.reporting.feedback.models import Feedback

MOST_IN_FILE = 2000
_HEADINGS = (
    gettext_lazy("received on"), gettext_lazy("answer due on"), gettext_lazy("answered on"),
    gettext_lazy("late"), gettext_lazy("unit"), gettext_lazy("office"), gettext_lazy("state"),
    gettext_lazy("rating"), gettext_lazy("what was written"), gettext_lazy("answer"),
)  # fmt: skip


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the page, behind the door that `guarded` puts in front."""
    return [path("feedback/file/", guarded(feedback_file), name="office_feedback_file")]


@require_safe
def feedback_file(request: HttpRequest) -> HttpResponse:
    """Hand out the list as a file, at most 2,000 rows."""
    standing = viewer(request)
    asked = asked_for(request, standing, chosen_in(request)).select_related("sender")
    rows = list(asked[: MOST_IN_FILE + 1])
    shown = rows[:MOST_IN_FILE]
    log_people_shown(
        request,
        people=[row.sender.citizen_id for row in shown if row.sender],
        fields=("feedback",),
        purpose=ViewPurpose.SUPPORT,
    )
    table: list[tuple[object, ...]] = [_HEADINGS, *(tuple(_cells(r, standing.day)) for r in shown)]
    if len(rows) > MOST_IN_FILE:
        told = {"count": MOST_IN_FILE}
        table.append((_("Only the first %(count)d rows, as the page shows them.") % told,))
    return table_file(request, "phan-anh", table)


def _cells(row: Feedback, day: date) -> Iterator[object]:
    yield _day(row.received_on)
    yield _day(row.due_on)
    yield _day(row.answered_on)
    yield _("yes") if row.is_late(day) else _("no")
    yield row.unit or ""
    yield row.agency or ""
    yield row.get_state_display()
    yield row.get_rating_display()
    for act in (FeedbackAct.RECEIVED, FeedbackAct.ANSWERED):
        yield next((step.words for step in row.steps.all() if step.act == act), "")


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
