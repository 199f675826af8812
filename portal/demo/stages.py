"""Dates in which every stage of every rule can be seen, beside dates spread as in life.

The stages are those of the catalogue (credential.renew_window.remind_days); a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import ceil
from random import Random
from types import MappingProxyType

from portal.demo.plan import Population, anniversary, days

LEAD_DAYS: Mapping[str, Sequence[int]] = MappingProxyType(
    {
        "driving_licence": (90, 60, 30, 7, 1),
        "passport": (240, 180, 90, 30),
        "construction_permit": (60, 30, 15),
        "medical_practice_licence": (120, 90, 75, 65),
        "tour_guide_card": (90, 60, 45, 31),
        "veterinary_certificate": (90, 60, 45, 31),
        "transport_badge": (15, 10, 5, 1),
    }
)
AGES = (14, 25, 40, 60)
AGE_LEAD_DAYS = (60, 30, 7, 0)

SHARE = 0.012  # of the papers of a kind, at each stage: more than one in a hundred
LEAST = 24  # people at the stages of one trigger together


def at_each_stage(count: int, stages: Sequence[int]) -> int:
    """Return how many of `count` papers are put at each stage."""
    return max(ceil(count * SHARE), ceil(LEAST / len(stages)))


def days_left(random: Random, stages: Sequence[int], stage: int, *, exact: bool) -> int:
    """Return a number of days at which `stage` is the most urgent one reached."""
    if exact:
        return stage
    later = [other for other in stages if other < stage]
    return random.randint(max(later) + 1 if later else max(stage, 0), stage)


def expiries(
    random: Random, on: date, count: int, stages: Sequence[int], *, years: float
) -> Iterator[date]:
    """Yield `count` last days: some at each stage, the rest spread over the paper's life.

    Of the rest one in twenty-five ran out within the last ten months and was not renewed.
    """
    placed = 0
    for stage in stages:
        for turn in range(at_each_stage(count, stages)):
            if placed < count:
                yield on + days(days_left(random, stages, stage, exact=turn % 2 == 0))
                placed += 1
    for _ in range(count - placed):
        late = random.random() < 0.04
        yield on + days(-random.randint(31, 300) if late else random.random() * years * 365)


def move_birthdays(population: Population, random: Random) -> None:
    """Move birthdays of a few people so that each age has somebody at each of its stages."""
    children = _births_by_parent(population)
    for age in AGES:
        near = [at for at in range(len(population.people)) if _is_near(population, at, age)]
        random.shuffle(near)
        wanted = at_each_stage(len(near) // 3, AGE_LEAD_DAYS)
        for stage in AGE_LEAD_DAYS:
            for turn in range(wanted):
                left = days_left(random, AGE_LEAD_DAYS, stage, exact=turn % 2 == 0)
                _move_one(population, children, near, anniversary(population.on + days(left), -age))


def _births_by_parent(population: Population) -> dict[int, date]:
    """Return the birth date of each parent's eldest child."""
    eldest: dict[int, date] = {}
    for person in population.people:
        for parent in (person.father, person.mother):
            if parent is not None:
                eldest[parent] = min(person.born, eldest.get(parent, person.born))
    return eldest


def _is_near(population: Population, at: int, age: int) -> bool:
    person = population.people[at]
    if person.settled or person.is_twin or person.died:
        return False
    return age - 2 <= person.age_on(population.on) <= age + 1


def _move_one(
    population: Population, children: dict[int, date], near: list[int], born: date
) -> None:
    """Give `born` to the next of `near` whose parents and children stay a generation apart."""
    while near:
        at = near.pop()
        person = population.people[at]
        parents = [population.people[p] for p in (person.father, person.mother) if p is not None]
        eldest = children.get(at)
        if eldest is not None and eldest < anniversary(born, 18):
            continue
        if any(born < anniversary(parent.born, 18) for parent in parents):
            continue
        person.born, person.settled = born, True
        return
