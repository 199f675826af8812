"""Who is tied to a matter on a day: parents whom an event names, a family, the head of a household.

Each tie is a queryset of rows that refer to an outer row (a fact or suggestion) by the names of its
columns, so one definition serves the statement that tells people and the page that asks whether
somebody may see what they were told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from citizens.enums import AuthorityBasis, EventRole, LifeEventKind, RelationKind
from citizens.models import Authority, EventParty, HouseholdMember, Relation
from citizens.selectors.kin import PARENTS, of_age_if_born_by

ANSWER_FOR_MINORS = (AuthorityBasis.PARENT, AuthorityBasis.GUARDIAN)
PARENTS_OF_EVENT = (EventRole.MOTHER, EventRole.FATHER)
# Events that are about several people alike; every other has one subject.
SEVERAL = {
    LifeEventKind.BIRTH_NOTIFIED: PARENTS_OF_EVENT,
    LifeEventKind.MARRIAGE: (EventRole.SPOUSE,),
}


@dataclass(frozen=True, slots=True)
class Tie:
    """Rows that each name a person; `person` is the column with the key."""

    rows: QuerySet[Any, Any]
    person: str


def living_here(prefix: str) -> Q:
    """Return the condition that a person has not died, been merged away or emigrated (F21)."""
    gone = ("died_on", "survivor", "emigrated_on")
    return Q(**{f"{prefix}{name}__isnull": True for name in gone})


def grown_up(prefix: str, day: date) -> Q:
    """Return the condition that a person lives here and is of age on `day`."""
    return living_here(prefix) & Q(**{f"{prefix}birth_date__lte": of_age_if_born_by(day)})


def named_by_event(
    event: str, roles: Sequence[EventRole], day: date, *, kind: LifeEventKind | None = None
) -> list[Tie]:
    """Return who stands in an event in one of these roles; for a minor those who may act.

    Nobody where the event is not of the `kind` given.
    """
    named = EventParty.objects.filter(event=OuterRef(event), role__in=roles)
    guards = Authority.objects.standing(day).filter(
        grown_up("actor__", day),
        for_party__events__event=OuterRef(event),
        for_party__events__role__in=roles,
        for_party__citizen__birth_date__gt=of_age_if_born_by(day),
        basis__in=ANSWER_FOR_MINORS,
    )
    if kind is not None:
        named = named.filter(event__kind=kind)
        guards = guards.filter(for_party__events__event__kind=kind)
    return [
        Tie(named.filter(grown_up("party__citizen__", day)), "party_id"),
        Tie(guards, "actor_id"),
    ]


def bereaved(deceased: str, day: date) -> list[Tie]:
    """Return spouse, parents, children and household head as on the day of the death.

    The same as `citizens.selectors.bereaved_of`, for many at once and without who has emigrated.
    """
    elders = (RelationKind.SPOUSE, *PARENTS)
    above = Relation.objects.filter(
        grown_up("person__", day),
        relative=OuterRef(deceased),
        kind__in=elders,
        valid__contains=F("relative__died_on"),
    )
    below = Relation.objects.filter(
        grown_up("relative__", day),
        person=OuterRef(deceased),
        kind__in=PARENTS,
        valid__contains=F("person__died_on"),
    )
    heads = HouseholdMember.objects.filter(
        grown_up("citizen__", day),
        is_head=True,
        valid__contains=F("household__members__citizen__died_on"),
        household__members__citizen=OuterRef(deceased),
        household__members__valid__contains=F("household__members__citizen__died_on"),
    )
    return [Tie(above, "person_id"), Tie(below, "relative_id"), Tie(heads, "citizen_id")]


def heads_of(household: str, day: date) -> list[Tie]:
    """Return a household's head; without one who lives and is of age, every grown-up member."""
    members = HouseholdMember.objects.filter(household=OuterRef(household))
    return _heads_among(members, day)


def heads_at_home(person: str, day: date) -> list[Tie]:
    """Return, as `heads_of` does, who answers for the household in which a person lives."""
    members = HouseholdMember.objects.filter(
        household__members__citizen=OuterRef(person), household__members__valid__contains=day
    )
    return _heads_among(members, day)


def _heads_among(members: QuerySet[Any, Any], day: date) -> list[Tie]:
    grown = members.filter(grown_up("citizen__", day), valid__contains=day)
    head = HouseholdMember.objects.filter(
        grown_up("citizen__", day),
        household=OuterRef("household"),
        is_head=True,
        valid__contains=day,
    )
    return [Tie(grown.filter(Q(is_head=True) | ~Exists(head)), "citizen_id")]
