"""Which facts hold on a day: the party is here, no dossier is open, the conditions are met."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import In

from citizens.models import Citizen, Household, Organisation, Unit
from procedures.definition import RuleDefinition
from procedures.definition.conditions import leaves
from procedures.detection.conditions import narrowed
from procedures.detection.conditions.logic import IsTrue
from procedures.detection.facts import Facts, ScannedRule, facts_due, same_cycle
from procedures.detection.facts.events import first_of_event
from procedures.detection.terms import has, lacks
from procedures.detection.windows import DueWindow
from procedures.enums import Addressee, SubjectKind, TriggerKind
from procedures.models import OpenMatter, Suggestion
from procedures.selectors.catalogue import offered_codes
from procedures.selectors.ties import living_here

_PARTIES: dict[SubjectKind, Any] = {
    SubjectKind.CITIZEN: Citizen,
    SubjectKind.ORGANISATION: Organisation,
    SubjectKind.HOUSEHOLD: Household,
}


# Predicates that read the party's own row.
_OF_THE_PARTY = frozenset({"unit", "age"})


def holding(rule: ScannedRule, due: DueWindow, day: date) -> Facts:
    """Return the facts in `due` that pass the rule's conditions, on the day `day`.

    The party lives here (F21), in a unit that exists and takes part, and no dossier of the same
    procedure is open for it. Where the rule has conditions of its own the annotation `answer` says
    whether they are met. Who may be told is another question: `procedures.detection.audience`.
    """
    here = of_this_city(rule.definition, rule.path.holder, day)
    facts = facts_due(rule, due).filter(here)
    if rule.definition.kind == TriggerKind.LIFE_EVENT:
        facts = first_of_event(facts, rule.definition, here)
    return narrowed(without_dossier(facts, rule), rule, day)


def behind_suggestion(rule: ScannedRule, due: DueWindow, day: date) -> Facts:
    """Return the fact that holds behind an outer suggestion: like `holding`, for one row at a time.

    The party is asked by its key, without the join that telling it needs. An event of which two
    are the subject has a row of each who is here.
    """
    return narrowed(standing(rule, due, day), rule, day)


def behind_waiting(rule: ScannedRule, due: DueWindow, day: date) -> Facts:
    """Return the facts that hold and have a waiting suggestion of the rule, all at once.

    Those for which `behind_suggestion` would find something, and all rows that it would find.
    """
    waiting = Suggestion.objects.filter(rule=rule.version.rule_id).waiting().order_by()
    of_fact = waiting.filter(anchor=OuterRef("anchor"), cycle=OuterRef("cycle"))
    if rule.definition.kind == TriggerKind.LIFE_EVENT:
        of_fact = of_fact.filter(subject=OuterRef(rule.path.party_id))
    latest = waiting.values("rule").annotate(day=Max("due_on")).values("day")
    facts = facts_due(rule, due).filter(has(of_fact), due_on__lte=Subquery(latest))
    here = of_this_city(rule.definition, rule.path.holder, day)
    asked = {leaf.predicate for leaf in leaves(rule.definition.conditions)}
    if not (rule.is_of_births or asked & _OF_THE_PARTY):  # nothing else joins the party
        parties = _parties(rule).filter(of_this_city(rule.definition, "", day))
        here = Q(**{f"{rule.path.party_id}__in": parties.values("party_id")})
    return narrowed(without_dossier(facts.filter(here), rule), rule, day)


def standing(rule: ScannedRule, due: DueWindow, day: date) -> Facts:
    """Return the fact behind an outer suggestion whatever the rule's own conditions say."""
    facts = same_cycle(rule, due)
    here = of_this_city(rule.definition, "", day)
    if rule.is_of_births:
        facts = facts.filter(here)
    else:
        party = _parties(rule).filter(here, pk=OuterRef(rule.path.party_id))
        facts = facts.filter(has(party))
    return facts.filter(lacks(open_matters(rule, rule.path.party_id)))


def _parties(rule: ScannedRule) -> QuerySet[Any, Any]:
    parties: QuerySet[Any, Any] = _PARTIES[rule.definition.subject].objects.order_by()
    return parties


def open_matters(rule: ScannedRule, party: str) -> QuerySet[OpenMatter]:
    """Return the open dossiers that answer what the rule offers to an outer row's `party`.

    Of a bundle that is its filing procedure or the step that it begins with.
    """
    return OpenMatter.objects.filter(
        _offered(rule),
        party=OuterRef(party),
        anchor__in=[OuterRef("anchor"), Value(0)],
        closed_on__isnull=True,
    )


def _offered(rule: ScannedRule) -> Q:
    offered = rule.version.rule
    if offered.bundle is None:
        return Q(procedure=offered.procedure_id)
    return Q(procedure__code__in=offered_codes(offered.bundle))


def without_dossier(facts: Facts, rule: ScannedRule) -> Facts:
    """Leave out facts with an open dossier: as `open_matters`, in two looks that can be hashed."""
    matters = OpenMatter.objects.filter(_offered(rule), closed_on__isnull=True)
    of_party = matters.filter(party=OuterRef(rule.path.party_id))
    return facts.filter(
        lacks(of_party.filter(anchor=OuterRef("anchor"))), lacks(of_party.filter(anchor=0))
    )


def of_this_city(definition: RuleDefinition, prefix: str, day: date) -> Q:
    """Return the condition that a party is the rule's business: here, living, in its units."""
    units = Unit.objects.order_by().filter(valid__contains=day)
    if definition.units:
        units = units.filter(code__in=definition.units)
    # Few units: hashed, not joined. That there is one at all makes the party's join an inner one.
    where = Q(
        IsTrue(In(F(f"{prefix}unit"), units.values("pk"))), **{f"{prefix}unit__isnull": False}
    )
    if definition.subject != SubjectKind.CITIZEN:
        return where
    if definition.address == Addressee.FAMILY:
        return where & Q(**{f"{prefix}died_on__isnull": False, f"{prefix}survivor__isnull": True})
    return where & living_here(prefix)
