"""Dates in which every stage of every rule can be seen, beside dates spread as in life.

The stages are those of the catalogue (credential.renew_window.remind_days); a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import ceil
from random import Random
from types import MappingProxyType

from portal.demo.plan import Person, Population, anniversary, days

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
    for age in AGES:
        near = [
            person
            for person in population.people
            if not (person.settled or person.is_twin or person.died)
            and age - 1 <= person.age_on(population.on) <= age
        ]
        random.shuffle(near)
        wanted = at_each_stage(len(near), AGE_LEAD_DAYS)
        for stage in AGE_LEAD_DAYS:
            for turn in range(min(wanted, len(near))):
                left = days_left(random, AGE_LEAD_DAYS, stage, exact=turn % 2 == 0)
                move_birthday(near.pop(), population.on, age, left)


def move_birthday(person: Person, on: date, age: int, left: int) -> None:
    """Give the person a birthday `left` days after `on` at which they reach `age`."""
    person.born = anniversary(on + days(left), -age)
    person.settled = True
