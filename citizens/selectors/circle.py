"""Whose rows a person's own pages may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Q, QuerySet, Value

from citizens.models import Authority, EventParty, HouseholdMember, Party, Relation
from portal.common.sql import FromPart, With, chain, select

Keys = QuerySet[Any, Any]


@dataclass(frozen=True)
class Circle:
    """Keys of parties: those a person may act for, and everybody whom their forms may name.

    Both count the person in, and `family` counts `parties` in.
    """

    parties: frozenset[int]
    family: frozenset[int]


def circle_of(*, person: int, day: date) -> Circle:
    """Return the circle of the citizen with the key `person` on `day` (one query)."""
    mine = FromPart("mine", "id", BigIntegerField())
    own = Party.objects.filter(pk__in=mine).values_list("pk", Value(True))
    others = (rows.values_list(path, Value(False)) for rows, path in _family(mine, day))
    acting = With("mine", select(_parties(person, day)), ["id"])
    rows = chain(acting, final=select(own.union(*others))).fetch()
    return Circle(
        parties=frozenset(key for key, is_own in rows if is_own),
        family=frozenset(key for key, _is_own in rows),
    )


def _parties(person: int, day: date) -> Keys:
    """The person, and the living for whom they may act on `day` (see `acting_for`)."""
    standing = Authority.objects.standing(day).filter(actor=person, actor__died_on__isnull=True)
    alive = Q(citizen__died_on__isnull=True, citizen__survivor__isnull=True)
    represented = Q(pk__in=standing.values("for_party")) & (Q(citizen__isnull=True) | alive)
    return Party.objects.filter(Q(pk=person) | represented).values_list("pk")


def _family(mine: FromPart, day: date) -> list[tuple[Keys, str]]:
    """Kin and household, the dead too; who shares an event; who else may act for one of `mine`."""
    today = Q(valid__contains=day)
    homes = HouseholdMember.objects.filter(today, citizen__in=mine).values("household")
    members = HouseholdMember.objects.filter(today | Q(citizen__died_on__isnull=False))
    events = EventParty.objects.filter(party__in=mine).values("event")
    standing = Authority.objects.standing(day)
    kin = Relation.objects.all()
    return [
        (kin.filter(today | Q(relative__died_on__isnull=False), person__in=mine), "relative"),
        (kin.filter(today | Q(person__died_on__isnull=False), relative__in=mine), "person"),
        (members.filter(household__in=homes), "citizen"),
        (EventParty.objects.filter(event__in=events), "party"),
        (standing.filter(for_party__in=mine), "actor"),
    ]
