"""One rule on one day: what comes back, moves, ends, opens and is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Exists, OuterRef, Q, Subquery

from portal.common.sql import Statement
from procedures.definition.rule import SCANNED
from procedures.detection.closing import retire, retire_all, revive
from procedures.detection.facts import ScannedRule
from procedures.detection.kept import composed
from procedures.detection.slicing import Part
from procedures.detection.suggestions import Subjects, first_news, move, unsettled
from procedures.detection.telling import tell
from procedures.detection.terms import among
from procedures.models import Rule, RuleVersion, Suggestion
from procedures.models.suggestions import CLOSED, WAITING

# First key of the advisory locks; the second is the rule.
_LOCK = 731_001


@dataclass(frozen=True, slots=True)
class Counts:
    """What one scan of a rule wrote, in rows."""

    opened: int = 0
    reminded: int = 0
    messages: int = 0
    retired: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Return both together."""
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Counts)))

    def __bool__(self) -> bool:
        """Return whether anything was written."""
        return any(getattr(self, f.name) for f in fields(Counts))


@dataclass(frozen=True, slots=True)
class Held:
    """Rules by what they hold: suggestions that wait, are to be reminded of, may come back.

    Of those to be reminded of also how many there are.
    """

    waiting: frozenset[int]
    to_remind: Mapping[int, int]
    closed: frozenset[int]

    @classmethod
    def on(cls, day: date) -> Held:
        """Look once, so that rules without suggestions cost no statement of their own."""
        rows = Suggestion.objects.filter(rule=OuterRef("pk"))
        waiting = rows.waiting()
        closed = rows.filter(state__in=CLOSED)
        due = waiting.filter(next_remind_on__lte=day).order_by().values("rule")
        due_count = Subquery(due.annotate(found=Count("*")).values("found"))
        rules = Rule.objects.order_by()
        return cls._of(rules.values_list("pk", Exists(waiting), due_count, Exists(closed)))

    @classmethod
    def about(cls, subjects: Sequence[int], day: date) -> Held:
        """Look at what the rules hold about some parties."""
        waiting = Q(state__in=WAITING)
        rules = Suggestion.objects.filter(among("subject_id", subjects)).values_list("rule_id")
        return cls._of(
            rules.annotate(
                waiting=BoolOr(waiting),
                due=Count("pk", filter=waiting & Q(next_remind_on__lte=day)),
                closed=BoolOr(Q(state__in=CLOSED)),
            )
        )

    @classmethod
    def _of(cls, rows: Iterable[tuple[Any, ...]]) -> Held:
        found = list(rows)
        return cls(
            frozenset(rule for rule, waits, _, _ in found if waits),
            {rule: due for rule, _, due, _ in found if due},
            frozenset(rule for rule, _, _, closed in found if closed),
        )

    def any_of(self, rule_id: int) -> bool:
        """Return whether there is anything of a rule at all."""
        return rule_id in self.waiting or rule_id in self.closed


def ended_rules(held: Held, in_force: Iterable[RuleVersion]) -> list[RuleVersion]:
    """Return the last version of each rule no longer in force that has waiting suggestions.

    Rules of wishes, which no scan opens, are not its to end.
    """
    gone = held.waiting - {version.rule_id for version in in_force}
    rows = RuleVersion.objects.filter(rule__in=gone, rule__kind__in=SCANNED)
    versions = rows.select_related("rule__bundle")
    return list(versions.order_by("rule_id", "-number").distinct("rule_id"))


def lock_rule(rule_id: int, *, wait: str = "60s", work: str = "15min") -> bool:
    """Wait until no other transaction scans this rule, and let this one take its time.

    A connection's ordinary limits are those of a page; a scan of millions may need longer. `wait`
    and `work` are PostgreSQL's intervals; OperationalError when one of them is over. Returns
    whether the rule is active still: an official may have stopped it since the scan began.
    """
    Statement(
        "SELECT set_config('lock_timeout', %s, true),"
        " set_config('statement_timeout', %s, true), pg_advisory_xact_lock(%s, %s)",
        (wait, work, _LOCK, rule_id),
    ).fetch()
    return Rule.objects.filter(pk=rule_id, is_active=True).exists()


def scan_rule(
    rule: ScannedRule,
    *,
    day: date,
    now: datetime,
    held: Held,
    part: Part | None = None,
    subjects: Subjects = None,
    most: int | None = None,
) -> Counts:
    """Bring one rule's suggestions and messages up to date for the civil date `day`.

    Everything that waits is looked at; new facts are those of the rule's window, or of `part` where
    the day comes in several calls: a person is told by one of them. Of `subjects` (party keys) only
    where given. No more than `most` are ended, where that is given: as many mean that there may be
    more, for another call. Call inside a transaction, after `lock_rule`. Run again for the same day
    it writes nothing.
    """
    retired, reminds = 0, rule.version.rule_id in held.to_remind
    if part is None or part.is_first:
        is_mended, retired = _mend(rule, day, now, held, subjects, most)
        reminds |= is_mended
    else:
        reminds = True  # the first part may have brought some back
    is_asked = subjects is not None and not reminds  # most news bring nothing to tell
    if is_asked and not composed(first_news, rule, day, subjects).fetch():
        return Counts(retired=retired)
    told = tell(rule, day, now, subjects=subjects, reminds=reminds, part=part)
    opened, messages, reminded = told.fetch()[0]
    return Counts(opened, reminded, messages, retired)


def _mend(
    rule: ScannedRule,
    day: date,
    now: datetime,
    held: Held,
    subjects: Subjects,
    most: int | None,
) -> tuple[bool, int]:
    """Bring back, move and end what the facts say anew.

    Return whether there is something to remind of because of it, and how many were ended.
    """
    rule_id, to_tell, retired = rule.version.rule_id, 0, 0
    if rule_id in held.closed:
        to_tell = _first(composed(revive, rule, day, subjects))
    if held.any_of(rule_id) and (found := _first(composed(unsettled, rule, day, subjects))):
        moved, moved_to_tell = composed(move, rule, day, subjects).fetch()[0]
        to_tell += moved_to_tell
        if moved < found:
            retired = _first(retire(rule, day, now, subjects, most))
    return to_tell > 0, retired


def end_rule(rule: ScannedRule, now: datetime) -> Counts:
    """Withdraw what waits of a rule that is no longer in force."""
    return Counts(retired=_first(retire_all(rule, now)))


def _first(statement: Statement) -> int:
    return int(statement.fetch()[0][0])
