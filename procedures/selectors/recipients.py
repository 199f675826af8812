"""Whose a suggestion is today: who was told of it and still is whom its rule addresses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, Q, QuerySet
from django.db.models.fields.json import KT

from citizens.models import Citizen
from citizens.selectors import acting_for, may_act
from notifications.models import Topic
from procedures.enums import Addressee, TriggerKind
from procedures.models import RuleVersion, Suggestion
from procedures.selectors.ties import (
    PARENTS_OF_EVENT,
    SEVERAL,
    Tie,
    bereaved,
    heads_at_home,
    heads_of,
    named_by_event,
)

_DEFINITION = "rule_version__definition__"


def is_recipient(*, suggestion: Suggestion, citizen: Citizen, day: date) -> bool:
    """Return whether `citizen` is today (`day`) one of those whom the suggestion's rule addresses.

    The person or whoever may act for them or their organisation, the parents whom the event names,
    the family of the deceased, the head of the household. Whether they were told, and have not
    dismissed it, stands in their Recipient row.
    """
    if may_act(actor=citizen, party=suggestion.subject, day=day):
        return True
    rows = Suggestion.objects.filter(addressed_to(citizen, day), pk=suggestion.pk)
    return citizen.died_on is None and citizen.survivor_id is None and rows.exists()


def addressed_to(citizen: Citizen, day: date) -> Q:
    """Return the condition on suggestions that on `day` are addressed to this person.

    What is about the person or about those they may act for (rights end), and what the rule
    addresses to them by another tie.
    """
    address = f"{_DEFINITION}address"
    is_event = Q(rule__kind=TriggerKind.LIFE_EVENT)
    parents = is_event & _named(citizen, named_by_event("anchor", PARENTS_OF_EVENT, day))
    family = _named(citizen, bereaved("subject_id", day))
    head = _named(citizen, [*heads_at_home("subject_id", day), *heads_of("subject_id", day)])
    return (
        Q(subject_id=citizen.pk)
        | Q(subject__in=acting_for(actor=citizen, day=day))
        | Q(**{address: Addressee.PARENTS}) & parents
        | Q(**{address: Addressee.FAMILY}) & family
        | Q(**{address: Addressee.HOUSEHOLD_HEAD}) & head
        | Q(**{address: Addressee.HOLDER}) & is_event & _one_of_several(citizen, day)
    )


def _one_of_several(citizen: Citizen, day: date) -> Q:
    """Return the condition that an event is about this person among others (spouses)."""
    ties = [
        tie
        for kind, roles in SEVERAL.items()
        for tie in named_by_event("anchor", roles, day, kind=kind)
    ]
    return _named(citizen, ties)


def _named(citizen: Citizen, ties: Iterable[Tie]) -> Q:
    """Return the condition that one of the ties leads to this person."""
    condition = Q()
    for tie in ties:
        condition |= Q(Exists(tie.rows.filter(**{tie.person: citizen.pk})))
    return condition


def not_about_the_dead(rows: QuerySet[Suggestion, Any]) -> QuerySet[Suggestion, Any]:
    """Leave out what is about somebody who died, unless its topic may be about the deceased."""
    lives = Q(subject__citizen__died_on__isnull=True, subject__citizen__survivor__isnull=True)
    may = Topic.objects.filter(about_may_be_deceased=True).values("key")
    of_them = RuleVersion.objects.alias(topic_key=KT("definition__topic")).filter(topic_key__in=may)
    is_person = Q(subject__citizen__isnull=False)
    return rows.filter(lives | ~is_person | Q(rule_version__in=of_them))
