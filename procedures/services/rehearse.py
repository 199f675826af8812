"""The time machine: what a rule version would do in a period, before a single message leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from notifications.models import Topic
from notifications.selectors.reach import NOT_REACHED, sms_parts
from procedures.detection import rehearsal
from procedures.detection.facts import ScannedRule
from procedures.detection.rehearsal import Slice
from procedures.enums import Answer, Missed, TriggerKind
from procedures.models import RuleVersion
from procedures.rules import stage_due
from procedures.selectors import rules_in_force

Progress = Callable[[int, int], None]
Matters = frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Week:
    """What happens in one week."""

    matters: int = 0
    messages: int = 0


@dataclass
class Rehearsal:
    """What a version would do from `first` to `last`, both included, if nobody answered.

    `answers` counts the facts by the conditions' answer, `matters` those that somebody would be
    told of, `untold` those that hold but of which nobody can be told; `missed` says why, and counts
    besides the facts about people who died or left. `messages` counts people told by the stage
    (days before the due date), `channels` by the way they would be reached or, where nothing but
    the inbox is left, by the reason (`notifications.selectors.reach.NOT_REACHED`). `days_early`
    counts matters by the days between first word and due date.
    `cost_vnd` is what the SMS parts would cost.
    """

    first: date
    last: date
    answers: Counter[Answer] = field(default_factory=Counter)
    matters: int = 0
    untold: int = 0
    missed: Counter[Missed] = field(default_factory=Counter)
    messages: Counter[int] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    days_early: Counter[int] = field(default_factory=Counter)
    weeks: Counter[tuple[date, int | None]] = field(default_factory=Counter)
    told: Counter[tuple[date, int | None]] = field(default_factory=Counter)
    reasons: dict[str, tuple[int, int]] = field(default_factory=dict)
    parts_a_message: int = 0
    keys: set[tuple[int, int]] = field(default_factory=set)

    @property
    def message_count(self) -> int:
        """All messages of the period."""
        return sum(self.messages.values())

    @property
    def not_reached(self) -> int:
        """Messages that nobody hears of but in the inbox."""
        return sum(self.channels[reason] for reason in NOT_REACHED)

    @property
    def sms_parts(self) -> int:
        """Parts of all SMS."""
        return self.channels["sms"] * self.parts_a_message

    @property
    def cost_vnd(self) -> int:
        """What these parts cost at the price of the settings, in đồng."""
        return self.sms_parts * settings.SMS_PART_PRICE_VND

    def by_unit(self) -> Counter[int | None]:
        """Return the matters by unit."""
        found: Counter[int | None] = Counter()
        for (_monday, unit), count in self.weeks.items():
            found[unit] += count
        return found

    def by_week(self) -> list[tuple[date, Week]]:
        """Return matters and messages by week (its Monday), in order, weeks of nothing too."""
        matters, messages = _weekly(self.weeks), _weekly(self.told)
        day, found = monday_of(self.first), []
        while day <= self.last:
            found.append((day, Week(matters[day], messages[day])))
            day += timedelta(days=7)
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """Matters of a draft and another version: of both, of the draft alone, of the other alone."""

    both: int
    gained: int
    lost: int


def rehearse(
    *,
    version: RuleVersion,
    first: date,
    last: date,
    now: datetime,
    progress: Progress = lambda _done, _of: None,
) -> Rehearsal:
    """Return what the version, released or draft, would do from `first` to `last`.

    As if it began on `first` with an empty ledger and nobody answered: every stage is told. Facts
    are those that are known now; conditions and audience are asked once a week. It runs in a
    transaction a slice that may only read, so it writes nothing; between them `progress` hears
    (slices done, of all).
    """
    rule = ScannedRule.of(version)
    topic = Topic.objects.get(pk=rule.definition.topic)
    done = Rehearsal(first, last, parts_a_message=_parts(rule, first))
    parts = list(rehearsal.slices(rule, first, last))
    for number, part in enumerate(parts, start=1):
        with transaction.atomic():
            _only_read()
            _add(done, rule, part, topic, now)
        progress(number, len(parts))
    return done


def compare(*, draft: Rehearsal, other: Rehearsal) -> Comparison:
    """Return how the matters of two rehearsals of one period differ."""
    return Comparison(
        both=len(draft.keys & other.keys),
        gained=len(draft.keys - other.keys),
        lost=len(other.keys - draft.keys),
    )


def version_beside(version: RuleVersion, day: date) -> RuleVersion | None:
    """Return the version of the same rule that is in force on `day`, if it is another one."""
    kinds = (TriggerKind(version.rule.kind),)
    standing = rules_in_force(day=day, kinds=kinds).filter(rule=version.rule_id)
    return standing.exclude(pk=version.pk).first()


def monday_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def _only_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        cursor.execute("SELECT set_config('statement_timeout', '120s', true)")


def _parts(rule: ScannedRule, day: date) -> int:
    paper = {"vi": rule.definition.paper_vi, "en": rule.definition.paper_en}
    due = day + timedelta(days=max(rule.definition.lead_days, default=0))
    values: dict[str, Any] = {
        "paper": paper,
        "due_on": due.isoformat(),
        "event_on": day.isoformat(),
        "days": max(rule.definition.lead_days, default=0),
        "count": 1,
    }
    return sms_parts(topic=str(rule.definition.topic), values=values)


def _add(done: Rehearsal, rule: ScannedRule, part: Slice, topic: Topic, now: datetime) -> None:
    for group in rehearsal.opened(rule, part):
        done.answers[group.answer] += group.facts
    suggested = done.answers[Answer.YES] + (
        done.answers[Answer.LIKELY] if rule.definition.suggests_likely else 0
    )
    told = rehearsal.told(rule, part, topic, now)
    done.missed += rehearsal.unheard(rule, part, told)
    for row in told:
        opens_on = max(part.first, row.due_on - timedelta(days=rule.definition.open_days_before))
        done.keys |= row.matters
        done.matters += len(row.matters)
        done.weeks[monday_of(opens_on), row.unit_id] += len(row.matters)
        people = sum(row.people.values())
        stages = list(_stages(rule, row.due_on, opens_on, done.last))
        if stages:
            done.days_early[(row.due_on - stages[0][0]).days] += len(row.matters)
        for day, stage in stages:
            done.messages[stage] += people
            done.told[monday_of(day), row.unit_id] += people
        for way, count in row.people.items():
            done.channels[way] += count * len(stages)
    done.untold = suggested - done.matters
    for reason in rehearsal.reasons(rule, part):
        wrong, unknown = done.reasons.get(reason.path, (0, 0))
        done.reasons[reason.path] = (wrong + reason.wrong, unknown + reason.unknown)


def _stages(
    rule: ScannedRule, due_on: date, opens_on: date, last: date
) -> Iterator[tuple[date, int]]:
    """Yield the days on which a matter is told and the stage of each, as the scan would."""
    leads = rule.definition.lead_days
    stage = stage_due(leads, (due_on - opens_on).days)
    if stage is not None:
        yield opens_on, stage
    for lead in leads:
        day = due_on - timedelta(days=lead)
        if (stage is None or lead < stage) and opens_on < day <= last:
            yield day, lead


def _weekly(counts: Counter[tuple[date, int | None]]) -> Counter[date]:
    found: Counter[date] = Counter()
    for (monday, _unit), count in counts.items():
        found[monday] += count
    return found
