"""Whose head, spouse, parent, child or guardian somebody is on a day, and whom a matter reaches.

Only an Authority answers "may A act for B" (`may_act`); kinship says who is near. All of these
return living people; a tie that has ended (divorce) or somebody merged away is not among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from citizens.enums import RelationKind
from citizens.models import Citizen, HouseholdMember, Relation
from citizens.selectors.people import guardians_of

FULL_AGE = 18  # Bộ luật Dân sự 91/2015/QH13, Điều 20
PARENTS = (RelationKind.FATHER, RelationKind.MOTHER)


class Bond(StrEnum):
    """What somebody is to the person, the closest first."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class Kin:
    """One of the family, and what they are to the person: the closest of their ties."""

    citizen: Citizen
    bond: Bond


def spouses_of(*, citizen: Citizen, day: date) -> QuerySet[Citizen]:
    """Return whom `citizen` is married to on `day`; registers that disagree may name two."""
    return _bound_to(citizen, day, (RelationKind.SPOUSE,))


def parents_of(*, citizen: Citizen, day: date) -> QuerySet[Citizen]:
    """Return the living parents of `citizen`, whether or not they may act for them."""
    return _bound_to(citizen, day, PARENTS)


def named_guardians_of(*, citizen: Citizen, day: date) -> QuerySet[Citizen]:
    """Return the living guardians whom the register of civil status names for `citizen`."""
    return _bound_to(citizen, day, (RelationKind.GUARDIAN,))


def children_of(*, citizen: Citizen, day: date) -> QuerySet[Citizen]:
    """Return the living children of `citizen` of whatever age, the eldest first."""
    ties = Relation.objects.filter(person=citizen, kind__in=PARENTS, valid__contains=day)
    return _living(ties.values("relative"))


def head_of(*, citizen: Citizen, day: date) -> Citizen | None:
    """Return the living head of the household in which `citizen` is registered on `day`."""
    homes = HouseholdMember.objects.filter(citizen=citizen, valid__contains=day)
    heads = HouseholdMember.objects.filter(
        household__in=homes.values("household"), is_head=True, valid__contains=day
    )
    return _living(heads.values("citizen")).first()


def reached_for(*, minor: Citizen, day: date) -> QuerySet[Citizen]:
    """Return whom a matter of `minor` reaches: parents and guardians who may act and are of age."""
    return guardians_of(citizen=minor, day=day).filter(birth_date__lte=of_age_if_born_by(day))


def bereaved_of(*, citizen: Citizen, day: date) -> list[Kin]:
    """Return the living adult family who get the matter of a death, the closest first.

    Spouse, children, parents, then the head of the household, each named once. Ties are those of
    the day of the death: who marries again afterwards stays the spouse of this one. Empty for
    somebody who lives. Four queries.
    """
    died_on = citizen.died_on
    if died_on is None:
        return []
    head = head_of(citizen=citizen, day=died_on)
    families: Iterable[tuple[Bond, Iterable[Citizen]]] = (
        (Bond.SPOUSE, spouses_of(citizen=citizen, day=died_on)),
        (Bond.CHILD, children_of(citizen=citizen, day=died_on)),
        (Bond.PARENT, parents_of(citizen=citizen, day=died_on)),
        (Bond.HEAD, [head] if head else []),
    )
    return list(_once(families, adult_if_born_by=of_age_if_born_by(day)))


def of_age_if_born_by(day: date) -> date:
    """Return the birth date of the youngest who are of age on `day`.

    Who was born on 29 February comes of age on 28 February where the year has no 29th.
    """
    after = day + timedelta(days=1)
    try:
        return after.replace(year=after.year - FULL_AGE) - timedelta(days=1)
    except ValueError:
        return date(after.year - FULL_AGE, 2, 28)


def _once(
    families: Iterable[tuple[Bond, Iterable[Citizen]]], *, adult_if_born_by: date
) -> Iterator[Kin]:
    seen: set[int] = set()
    for bond, people in families:
        for person in people:
            if person.pk not in seen and person.birth_date <= adult_if_born_by:
                seen.add(person.pk)
                yield Kin(person, bond)


def _bound_to(citizen: Citizen, day: date, kinds: Iterable[RelationKind]) -> QuerySet[Citizen]:
    ties = Relation.objects.filter(relative=citizen, kind__in=tuple(kinds), valid__contains=day)
    return _living(ties.values("person"))


def _living(keys: QuerySet[Any, Any]) -> QuerySet[Citizen]:
    return Citizen.objects.alive().filter(pk__in=keys).order_by("birth_date", "pk")
