"""Birthdays at which something is due, and the year in which children reach an age."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When

from citizens.models import Citizen, Credential
from procedures.definition import RuleDefinition
from procedures.detection.facts.campaigns import of_campaign
from procedures.detection.facts.paths import Facts
from procedures.detection.terms import Years
from procedures.detection.windows import BIRTH_SENTINELS, DueWindow, birth_window, campaign_in


def birthdays(definition: RuleDefinition, due: DueWindow) -> Facts:
    """Return the living who have one of the rule's birthdays in `due`."""
    births = {age: birth_window(age, due) for age in definition.ages}
    of_age = {age: Q(birth_date__range=(b.first, b.last)) for age, b in births.items()}
    any_age = Q()
    for condition in of_age.values():
        any_age |= condition
    cycle = Case(
        *[When(condition, then=Value(age)) for age, condition in of_age.items()],
        output_field=IntegerField(),
    )
    facts = _born(any_age).annotate(cycle=cycle, due_on=Years("birth_date", cycle))
    return _without_fresh_card(facts, definition)


def year_groups(definition: RuleDefinition, due: DueWindow) -> Facts:
    """Return the living who reach one of the rule's ages in the year of a campaign due in `due`."""
    campaign = campaign_in(definition, due)
    any_age = Q()
    for age in definition.ages:
        year = campaign.year - age
        any_age |= Q(birth_date__range=(date(year, 1, 1), date(year, 12, 31)))
    facts = of_campaign(_born(any_age), campaign)
    if definition.credential_kind is None:
        return facts
    held = Credential.objects.live().of_kind(definition.credential_kind)
    return facts.filter(Exists(held.filter(holder=OuterRef("party_id"))))


def _born(condition: Q) -> Facts:
    living = Citizen.objects.alive().filter(condition).exclude(birth_date__in=BIRTH_SENTINELS)
    return living.annotate(anchor=F("party_id")).order_by()


def _without_fresh_card(facts: Facts, definition: RuleDefinition) -> Facts:
    """Leave out whose card was issued so shortly before the milestone that it outlives it."""
    years = definition.skip_if_issued_within_years
    if not (years and definition.identity_kind):
        return facts
    card = Credential.objects.live().of_kind(definition.identity_kind)
    fresh = card.filter(
        holder=OuterRef("party_id"), issued_on__gte=Years(OuterRef("due_on"), Value(-years))
    )
    return facts.filter(~Exists(fresh))
