"""Why not: which services do not apply to the person, or wait for one fact, and why."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from citizens.models import Citizen, Party
from portal.common import clock
from portal.web.access import for_citizens
from portal.web.presenters import why as told
from portal.web.presenters.why_me import doubts_of
from portal.web.whose import Whose, whose
from procedures.answers import (
    RuleOutcome,
    households_answered_for,
    outcomes,
    rules_told,
    tells_sensitive,
    versions_told,
)
from procedures.enums import SubjectKind
from procedures.models import RuleVersion, Suggestion
from procedures.models.suggestions import WAITING
from procedures.selectors import suggestions_of


@for_citizens
@require_safe
def why_not(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """List what each rule comes to for the person, or for somebody they may act for."""
    about, day = whose(request, citizen), clock.today()
    versions = [one for one in rules_told(day=day) if told.is_told(one)]
    found = outcomes(versions=versions, parties=_parties(about, citizen, versions), day=day)
    hidden = [
        one.answers.version.pk for one in found if tells_sensitive(one.answers.definition, day=day)
    ]
    context = {
        "about": about,
        "groups": told.groups_of(found, about.citizen, hidden, about.query),
        "as_known": told.day_line(day),
    }
    return render(request, "web/why_not.html", context)


@for_citizens
@require_safe
def why(request: HttpRequest, citizen: Citizen, rule: str) -> HttpResponse:
    """Show each condition of one rule for the person, with the data it was answered from."""
    about, day = whose(request, citizen), clock.today()
    versions = versions_told(key=rule, day=day)
    found = _found(versions, _parties(about, citizen, versions))
    if found is None:
        raise Http404
    lines = told.lines_of(found)
    doubts = doubts_of(citizen, lines)
    page = told.why_page(found, lines, about.citizen, doubts, _waiting(citizen, found))
    return render(request, "web/why.html", {"about": about, "page": page})


def _parties(about: Whose, citizen: Citizen, versions: Iterable[RuleVersion]) -> list[Party]:
    """Return whom rules are about: a person, and the household that the reader answers for."""
    asks_homes = any(one.definition.get("subject") == SubjectKind.HOUSEHOLD for one in versions)
    if not about.is_self or not asks_homes:
        return [about.citizen.party]
    return [about.citizen.party, *households_answered_for(citizen=citizen, day=clock.today())]


def _found(versions: Iterable[RuleVersion], parties: Iterable[Party]) -> RuleOutcome | None:
    """Return what a rule comes to for the party that it is about, None where it is about others."""
    shown = [version for version in versions if told.is_told(version)]
    found = outcomes(versions=shown, parties=list(parties), day=clock.today())
    return found[0] if found else None


def _waiting(citizen: Citizen, found: RuleOutcome) -> Suggestion | None:
    """Return the suggestion about it that waits for the reader."""
    if found.fact is None or found.fact.state not in WAITING:
        return None
    mine = suggestions_of(citizen=citizen, day=clock.today())
    return mine.filter(
        rule=found.answers.version.rule_id, anchor=found.fact.anchor, cycle=found.fact.cycle
    ).first()
