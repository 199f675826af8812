"""Whom a rehearsal means, by name: a week of it, in the official's own units, each look logged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from citizens.enums import ViewPurpose
from citizens.models import Party
from portal.office.access import log_people_shown
from portal.office.names import SUBJECT_TABLES, SUBJECT_UNITS, party_name
from portal.office.roles import Desk
from portal.office.standing import Standing, standing_of
from portal.office.table_files import table_file
from procedures.definition import RuleDefinition
from procedures.enums import Answer, RunState
from procedures.models import RehearsalRun, RuleVersion
from procedures.selectors.rehearsals import definition_digest
from procedures.selectors.sensitive import tells_sensitive
from procedures.services.foresee_people import Foreseen, foresee_people

PER_PAGE = 50
# A longer list is no list to work from but a copy of a register.
MOST_IN_FILE = 5_000
_FIELDS = ("full_name", "unit", "suggestion", "due_on")
_ANSWERS = {Answer.YES: gettext_lazy("Yes"), Answer.LIKELY: gettext_lazy("Likely")}


@dataclass(frozen=True, slots=True)
class Row:
    """A matter with the name of the party and where it lives."""

    name: str
    unit: str
    foreseen: Foreseen

    @property
    def answer(self) -> str:
        """What the conditions say, in a word."""
        return str(_ANSWERS[self.foreseen.answer])

    @property
    def heard_by(self) -> str:
        """Who hears of it."""
        if self.foreseen.in_person:
            return _("in person")
        return _("%(count)d who act for them") % {"count": self.foreseen.told}


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the matters of the week in `?week=`, fifty a page, of the official's own units."""
    run = run_of(request, pk)
    monday = _monday(request, run)
    found = _foreseen(request, run, monday)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = _named(list(page))
    _log(request, run, list(page))
    context: dict[str, Any] = {
        "title": _("Whom the rule means"),
        "run": run,
        "version": run.rule_version,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": _week(run, monday - timedelta(days=7)),
        "after": _week(run, monday + timedelta(days=7)),
        "rows": rows,
        "page": page,
        "most": MOST_IN_FILE,
        "is_fullwidth": "1",
    }
    shown = admin.site.each_context(request) | context
    return render(request, "office/rehearsal_people.html", shown)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the same week as a file; refused where it is longer than MOST_IN_FILE."""
    run = run_of(request, pk)
    monday = _monday(request, run)
    found = _foreseen(request, run, monday)
    if len(found) > MOST_IN_FILE:
        messages.warning(request, _("The list is too long for a file."))
        page = reverse("admin:office_rehearsal_people", args=[run.pk])
        return redirect(f"{page}?week={monday.isoformat()}")
    _log(request, run, found)
    name = f"dien-tap-{run.rule_version.rule.key}-{monday:%Y%m%d}"
    return table_file(request, name, _cells(_named(found)))


def may_see_people(standing: Standing, version: RuleVersion) -> bool:
    """Return whether the official may see by name whom a rule means, in some unit.

    Nobody sees a list of whom a rule about poverty or health means (domain.md 7).
    """
    sees = standing.sees(Desk.CATALOGUE) and standing.sees(Desk.SUGGESTIONS)
    rule = RuleDefinition.from_json(version.definition)
    return sees and not tells_sensitive(rule, day=standing.day)


def run_of(request: HttpRequest, pk: int) -> RehearsalRun:
    """Return a finished rehearsal of a definition that has not changed since."""
    rows = RehearsalRun.objects.select_related("rule_version__rule__bundle")
    run = rows.filter(pk=pk, state=RunState.FINISHED).first()
    if run is None:
        raise Http404
    if not may_see_people(standing_of(request), run.rule_version):
        raise PermissionDenied
    if run.definition_sha256 != definition_digest(run.rule_version):
        raise Http404
    return run


def _foreseen(request: HttpRequest, run: RehearsalRun, monday: date) -> list[Foreseen]:
    return foresee_people(
        version=run.rule_version,
        first=run.first_on,
        last=run.last_on,
        monday=monday,
        units=standing_of(request).units_of(Desk.SUGGESTIONS),
    )


def _monday(request: HttpRequest, run: RehearsalRun) -> date:
    """Return the Monday asked for; without one that of the first week. Http404 outside."""
    wanted = request.GET.get("week") or run.first_on.isoformat()
    try:
        day = date.fromisoformat(wanted)
    except ValueError:
        raise Http404 from None
    monday = day - timedelta(days=day.weekday())
    if _week(run, monday) is None:
        raise Http404
    return monday


def _week(run: RehearsalRun, monday: date) -> date | None:
    """Return the Monday if its week touches the period."""
    return monday if monday <= run.last_on and monday + timedelta(days=6) >= run.first_on else None


def _named(found: list[Foreseen]) -> list[Row]:
    parties = Party.objects.select_related(*SUBJECT_TABLES, *SUBJECT_UNITS).order_by()
    named = parties.in_bulk({one.subject for one in found})
    return [
        Row(party_name(named[one.subject]), _unit(named[one.subject]), one)
        for one in found
        if one.subject in named
    ]


def _unit(party: Party) -> str:
    holder = next(
        one for table in SUBJECT_TABLES if (one := getattr(party, table, None)) is not None
    )
    return str(holder.unit or "–")


def _log(request: HttpRequest, run: RehearsalRun, shown: list[Foreseen]) -> None:
    log_people_shown(
        request,
        people=[one.subject for one in shown],
        fields=_FIELDS,
        purpose=ViewPurpose.SUPPORT,
        reference=f"rehearsal:{run.pk}",
    )


def _cells(rows: list[Row]) -> Iterator[tuple[object, ...]]:
    yield (
        _("about"),
        _("unit"),
        _("told from"),
        _("due date of the matter"),
        _("conditions met"),
        _("who hears of it"),
    )
    for row in rows:
        opens_on, due_on = row.foreseen.opens_on.isoformat(), row.foreseen.due_on.isoformat()
        yield (row.name, row.unit, opens_on, due_on, row.answer, row.heard_by)
