"""The birth or death that a form is about when nobody suggested it: found, never guessed of two."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from citizens.enums import EventRole, LifeEventKind
from citizens.models import Citizen, EventParty, LifeEvent, Party, Relation
from citizens.selectors import bereaved_of
from procedures.definition import ProcedureDefinition

_BIRTHS = frozenset({LifeEventKind.BIRTH_NOTIFIED})
_DEATHS = frozenset({LifeEventKind.DEATH_NOTIFIED, LifeEventKind.DEATH_REGISTERED})
_OF_DEATH = "death"  # the bundle whose procedures are about somebody who died
_RECENT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class About:
    """Whom a form is about, and the event that it hangs on, None without one."""

    subject: Party
    event: LifeEvent | None = None


def about_event(
    *, definition: ProcedureDefinition, subject: Party, applicant: Citizen, day: date
) -> About:
    """Return the one recent event of the applicant's family that the procedure is for.

    A birth is told by its notice, which names the applicant as a parent; the form stays about the
    subject. A death is that of close family; the form is then about the person who died.
    """
    trigger = definition.trigger
    if trigger.event in _BIRTHS:
        return About(subject, _birth(applicant, day))
    if trigger.event in _DEATHS or trigger.bundle == _OF_DEATH:
        return _death(subject, applicant, day)
    return About(subject)


def _birth(applicant: Citizen, day: date) -> LifeEvent | None:
    parts = _recent(_BIRTHS, day).filter(
        party=applicant.pk, role__in=(EventRole.MOTHER, EventRole.FATHER)
    )
    events = {part.event_id: part.event for part in parts}
    return next(iter(events.values())) if len(events) == 1 else None


def _death(subject: Party, applicant: Citizen, day: date) -> About:
    bonds = Relation.objects.filter(Q(person=applicant) | Q(relative=applicant))
    ties = bonds.values_list("person", "relative")
    kin = {one for tie in ties for one in tie} - {applicant.pk}
    parts = list(
        _recent(_DEATHS, day)
        .filter(party__in=kin, party__citizen__died_on__isnull=False)
        .select_related("party__citizen")
        .order_by("event__occurred_on", "pk")
    )
    dead = {part.party_id: part for part in parts}
    if len(dead) != 1:
        return About(subject)
    part = next(iter(dead.values()))
    family = bereaved_of(citizen=part.party.citizen, day=day)
    is_family = any(one.citizen.pk == applicant.pk for one in family)
    return About(part.party, part.event) if is_family else About(subject)


def _recent(kinds: Collection[LifeEventKind], day: date) -> QuerySet[EventParty]:
    parts = EventParty.objects.filter(event__kind__in=kinds, event__occurred_on__lte=day)
    return parts.filter(event__occurred_on__gte=day - _RECENT).select_related("event")
