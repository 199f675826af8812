"""About whom a rehearsed version would tell somebody in one week: keys and dates, nobody's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from citizens.models import Unit
from procedures.detection import rehearsal
from procedures.detection.facts import ScannedRule
from procedures.detection.rehearsal import Slice
from procedures.enums import Answer
from procedures.models import RuleVersion


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A matter that would be opened on `opens_on`: of the party `subject`, due on `due_on`.

    `told` is the number of people who would hear of it, `in_person` whether the party is one.
    """

    subject: int
    opens_on: date
    due_on: date
    answer: Answer
    told: int
    in_person: bool


def foresee_people(
    *, version: RuleVersion, first: date, last: date, monday: date, units: QuerySet[Unit]
) -> list[Foreseen]:
    """Return the matters that a rehearsal from `first` to `last` has in the week of `monday`.

    Only those of parties in `units`; for the whole audience, whatever share the version begins
    with. By what is known now: facts that changed since the figures were taken show as they are.
    In order of the day of opening, then of the due date.
    """
    version.audience_percent = 100  # of this copy, which nobody saves
    rule = ScannedRule.of(version)
    sunday = monday + timedelta(days=6)
    found: list[Foreseen] = []
    for part in rehearsal.slices(rule, first, last):
        if monday <= part.first <= sunday:
            found += _of_slice(rule, part, units)
    return sorted(found, key=lambda one: (one.opens_on, one.due_on, one.subject))


def _of_slice(rule: ScannedRule, part: Slice, units: QuerySet[Unit]) -> Iterator[Foreseen]:
    told: defaultdict[tuple[int, int, int, date, str], set[int]] = defaultdict(set)
    for anchor, cycle, subject, due_on, person, answer in rehearsal.named(rule, part, units):
        if person is not None:
            told[anchor, cycle, subject, due_on, answer].add(person)
    ahead = timedelta(days=rule.definition.open_days_before)
    for (_anchor, _cycle, subject, due_on, answer), people in told.items():
        yield Foreseen(
            subject=subject,
            opens_on=max(part.first, due_on - ahead),
            due_on=due_on,
            answer=Answer(answer),
            told=len(people),
            in_person=subject in people,
        )
