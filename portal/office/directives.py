"""What leaders ask offices about overdue dossiers: the list, its file, and who is waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from citizens.models import User
from portal.common import clock
from portal.office import directive_page
from portal.office.roles import Desk
from portal.office.standing import Standing, standing_of
from portal.office.table_files import table_file
from portal.reporting.overdue.directives import (
    ANSWERERS,
    LEADERS,
    about_dossiers_of,
    directives_for,
    offices_overdue,
    with_steps,
)
from portal.reporting.overdue.enums import DirectiveAct, DirectiveState
from portal.reporting.overdue.models import Directive, DirectiveStep

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
PER_PAGE = 30
SHOWN = {
    "unfinished": gettext_lazy("Not done"),
    "late": gettext_lazy("Explanation late"),
    "explained": gettext_lazy("For the leader to judge"),
    "done": gettext_lazy("Done"),
}
_HEADINGS = (
    gettext_lazy("state"), gettext_lazy("late"), gettext_lazy("office"), gettext_lazy("dossiers"),
    gettext_lazy("overdue still"), gettext_lazy("to be explained by"), gettext_lazy("step"),
    gettext_lazy("by"), gettext_lazy("at"), gettext_lazy("in words"),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One directive on the list: its first word, and the last that was said."""

    row: Directive
    given: DirectiveStep
    last: DirectiveStep | None
    is_late: bool


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        path("directives/", guarded(show_list), name="office_directives"),
        path("directives/file/", guarded(list_file), name="office_directives_file"),
        *directive_page.urls(guarded),
    ]


def waiting_directives(request: HttpRequest) -> dict[str, int]:
    """Return how many wait for me to explain, to judge, and how many are about my dossiers."""
    standing, found = standing_of(request), dict.fromkeys(("explain", "judge", "mine"), 0)
    if not standing.sees(Desk.DIRECTIVES):
        return found
    user = cast(User, request.user)
    official = getattr(user, "official", None)
    counted: dict[str, Q] = {}
    if official is not None and standing.roles & ANSWERERS:
        answered = standing.units(ANSWERERS).values("pk")
        asked = Q(agency=official.agency_id, state=DirectiveState.OPEN)
        counted["explain"] = asked & Q(agency__unit__in=answered)
    if standing.roles & LEADERS:
        led = standing.units(LEADERS).values("pk")
        counted["judge"] = Q(state=DirectiveState.EXPLAINED, agency__unit__in=led)
    if official is not None:
        about = about_dossiers_of(official=official, today=standing.day)
        counted["mine"] = Q(pk__in=about.values("pk"))
    open_ones = Directive.objects.exclude(state=DirectiveState.DONE)
    if counted:
        found |= open_ones.aggregate(**{k: Count("pk", filter=q) for k, q in counted.items()})
    return found


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """List the directives in reach; to leaders also which offices have overdue dossiers now."""
    standing, shown, rows = _asked(request)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    leads = standing.units(LEADERS)
    offices = offices_overdue(units=leads, today=standing.day) if standing.roles & LEADERS else []
    context = {
        "title": _("Directives about lateness"),
        "tabs": [(value, word, value == shown) for value, word in SHOWN.items()],
        "shown": shown,
        "lines": [_line(row, standing) for row in page.object_list],
        "page": page,
        "offices": offices,
        "is_fullwidth": "1",
    }
    return render(request, "office/directives.html", admin.site.each_context(request) | context)


@require_safe
def list_file(request: HttpRequest) -> HttpResponse:
    """Hand out the same directives as a table, a row for every word that was said."""
    standing, _shown, rows = _asked(request)
    table = [cells for row in rows for cells in _cells(row, standing)]
    return table_file(request, "chi-dao-ho-so-qua-han", [[str(one) for one in _HEADINGS], *table])


def _asked(request: HttpRequest) -> tuple[Standing, str, QuerySet[Directive]]:
    """Return the standing, the tab that was asked for and its directives; 403 without the desk."""
    standing = standing_of(request)
    if not standing.sees(Desk.DIRECTIVES):
        raise PermissionDenied
    asked = request.GET.get("shown", "")
    shown = asked if asked in SHOWN else "unfinished"
    chosen = {
        "unfinished": ~Q(state=DirectiveState.DONE),
        "late": Q(state=DirectiveState.OPEN, due_on__lt=standing.day),
        "explained": Q(state=DirectiveState.EXPLAINED),
        "done": Q(state=DirectiveState.DONE),
    }[shown]
    mine = directives_for(user=cast(User, request.user), day=standing.day).filter(chosen)
    order = "-due_on" if shown == "done" else "due_on"
    return standing, shown, with_steps(mine, today=standing.day).order_by(order, "pk")


def _line(row: Directive, standing: Standing) -> Line:
    given, *later = row.steps.all()
    return Line(row, given, later[-1] if later else None, row.is_late(standing.day))


def _cells(row: Any, standing: Standing) -> Iterator[tuple[object, ...]]:
    late = _("late") if row.is_late(standing.day) else ""
    for step in row.steps.all():
        yield (
            row.get_state_display(), late, row.agency, row.dossier_count, row.still_count,
            f"{row.due_on:%d/%m/%Y}", DirectiveAct(step.act).value, step.by,
            f"{clock.civil_time(step.at):%H:%M %d/%m/%Y}", step.words,
        )  # fmt: skip
