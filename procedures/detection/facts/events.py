"""Events of a life. A fact is a row of the party whom the event is about.

Two parties may stand in that role (mother and father of a child that has no row yet, spouses): the
event has a row of each, and `first_of_event` chooses the one that its suggestion is about.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, OuterRef, Q, Value

from citizens.enums import EventRole, LifeEventKind
from citizens.models import EventParty
from procedures.definition import RuleDefinition
from procedures.detection.facts.paths import Facts
from procedures.detection.terms import Days, lacks
from procedures.detection.windows import DueWindow
from procedures.selectors.ties import SEVERAL

_ABOUT_ONE = {LifeEventKind.BIRTH_REGISTERED: EventRole.CHILD}


def events(definition: RuleDefinition, due: DueWindow) -> Facts:
    """Return the parties of the rule's events whose limit ends in `due`."""
    limit = timedelta(days=definition.deadline_days or 0)
    happened = (due.first - limit, due.last - limit)
    rows = EventParty.objects.filter(_about(definition), event__occurred_on__range=happened)
    return rows.annotate(
        anchor=F("event_id"),
        cycle=Value(0),
        due_on=Days("event__occurred_on", Value(definition.deadline_days or 0)),
    ).order_by()


def first_of_event(facts: Facts, definition: RuleDefinition, fitting: Q) -> Facts:
    """Leave one row an event of those that fit: the mother before the father, else the first."""
    if not SEVERAL.keys() & set(definition.events):
        return facts
    others = EventParty.objects.filter(fitting, _about(definition), event=OuterRef("event_id"))
    before = Q(role=OuterRef("role"), pk__lt=OuterRef("pk"))
    before |= Q(role=EventRole.MOTHER) & ~Q(role=OuterRef("role"))
    return facts.filter(lacks(others.filter(before)))


def _about(definition: RuleDefinition) -> Q:
    condition = Q()
    for kind in definition.events:
        roles = SEVERAL.get(kind, (_ABOUT_ONE.get(kind, EventRole.SUBJECT),))
        condition |= Q(event__kind=kind, role__in=roles)
    return condition
