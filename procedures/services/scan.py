"""The main job: find what is due on a civil date, suggest it, remind of it, retire what is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from portal.common import clock
from procedures.detection import runs
from procedures.detection.engine import (
    Counts,
    Held,
    end_rule,
    ended_rules,
    lock_rule,
    scan_rule,
)
from procedures.detection.facts import ScannedRule, facts_due
from procedures.detection.shares import serving_rules
from procedures.detection.slicing import SLICE_FACTS, Part, parts_of, slices
from procedures.detection.suggestions import to_remind
from procedures.detection.windows import DueWindow, due_window, opens_at_once_on
from procedures.models import RuleVersion, ScanRun, ScanRunRule

Progress = Callable[[str, int, int], None]


class LeaseLostError(Exception):
    """Another process took the run over; this one must not write any more."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What a scan wrote for one rule (rows), how long it took, and how it failed, if it did."""

    rule_key: str
    counts: Counts
    duration_ms: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What one call of the scan did.

    `run` is the ledger's row of the date, None for a rehearsal; `is_busy` says that another process
    is scanning this date, so nothing was done here; `is_lost` that another one has taken the run
    over, so `rules` is what was done until then and the other goes on.
    """

    run: ScanRun | None
    rules: tuple[RuleResult, ...]
    is_busy: bool = False
    is_lost: bool = False

    @property
    def total(self) -> Counts:
        """All rules together."""
        return sum((result.counts for result in self.rules), Counts())

    @property
    def has_failed(self) -> bool:
        """Whether any rule raised; the others were scanned all the same."""
        return any(result.error for result in self.rules)


def scan_day(
    *,
    on_date: date,
    rule_key: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    slice_facts: int = SLICE_FACTS,
) -> ScanResult:
    """Scan the civil date `on_date`: every rule in force, or the one with `rule_key`.

    One transaction a rule; a day that brings more than some `slice_facts` facts or reminders of it
    is cut into slices. A rule that raises is noted and does not stop the others. Repeated for the
    same date it writes nothing, unless facts have changed meanwhile. A rehearsal (`dry_run`) does
    it all and rolls it back. `progress` is told (rule, done, all) before each rule.
    """
    if dry_run:
        scan = _Scan(on_date, rule_key, progress, slice_facts)
        return ScanResult(None, tuple(scan.rehearse()))
    run = runs.claim_run(on_date=on_date, scope=rule_key or "", now=clock.now())
    if run is None:
        return ScanResult(None, (), is_busy=True)
    scan = _Scan(on_date, rule_key, progress, slice_facts)
    results = tuple(scan.write(run))
    if scan.is_lost:
        return ScanResult(run, results, is_lost=True)
    clean = not any(result.error for result in results)
    runs.finish_run(run, is_clean=clean, now=clock.now())
    return ScanResult(run, results)


def has_scanned(*, on_date: date) -> bool:
    """Return whether the whole of `on_date` was scanned without an error."""
    return ScanRun.objects.finished(on_date).exists()


class _Scan:
    """The work of one call: which rules, in force or ended, and what they hold at its start."""

    is_lost = False

    def __init__(
        self, day: date, rule_key: str | None, progress: Progress | None, slice_facts: int
    ) -> None:
        self.day = day
        self.progress = progress
        self.slice_facts = slice_facts
        self.held = Held.on(day)
        in_force = serving_rules(day=day)
        self.in_force = {version.pk for version in in_force}
        versions = in_force + ended_rules(self.held, in_force)
        self.versions = [one for one in versions if rule_key in (None, one.rule.key)]

    def rehearse(self) -> Iterator[RuleResult]:
        """Scan each rule and roll it back."""
        for version in self._announced():
            started = time.monotonic()
            counts, error = Counts(), ""
            try:
                with transaction.atomic():
                    counts = self._scan_rule(version, None)
                    transaction.set_rollback(True)
            except Exception as failure:
                error = runs.describe(failure)
            yield RuleResult(version.rule.key, counts, _milliseconds(started), error)

    def write(self, run: ScanRun) -> Iterator[RuleResult]:
        """Scan each rule that is not done yet; a lost lease ends it."""
        lines = runs.lines_of(run, self.versions)
        scanned = runs.last_scanned(self.versions)
        idle: list[ScanRunRule] = []
        for version in self._announced():
            started, line = time.monotonic(), lines[version.pk]
            if run.is_resumed and line.finished_at and not line.error:
                continue  # done before the crash
            counts, error = Counts(), ""
            try:
                if self._is_idle(version):
                    idle.append(line)
                else:
                    for part in self._parts(run, line, version, scanned.get(version.pk)):
                        counts += part
            except LeaseLostError:
                self.is_lost = True
                return
            except Exception as failure:
                error = runs.note_error(line, failure)
            yield RuleResult(version.rule.key, counts, _milliseconds(started), error)
        runs.finish_idle(idle, clock.now())

    def _is_idle(self, version: RuleVersion) -> bool:
        """Return whether a rule has neither suggestions nor facts: nothing can come of it."""
        if version.pk not in self.in_force or self.held.any_of(version.rule_id):
            return False
        rule = ScannedRule.of(version)
        return not facts_due(rule, due_window(rule.definition, self.day)).exists()

    def _parts(
        self, run: ScanRun, line: ScanRunRule, version: RuleVersion, scanned_on: date | None
    ) -> Iterator[Counts]:
        """Scan a rule, one transaction a part, and note each part with its effect."""
        for part in self._cut(line, version, scanned_on):
            is_done = False
            while not is_done:  # what ends together is ended in slices as well
                counts = self._part(run, line, version, part)
                is_done = counts.retired < self.slice_facts
                yield counts

    def _part(
        self, run: ScanRun, line: ScanRunRule, version: RuleVersion, part: Part | None
    ) -> Counts:
        started = time.monotonic()
        with transaction.atomic():
            if not runs.keeps_lease(run, clock.now()):
                raise LeaseLostError
            counts = self._scan_rule(version, part, most=self.slice_facts)
            is_last = part is None or part.is_last
            is_done = is_last and counts.retired < self.slice_facts
            runs.note(
                line,
                counts,
                took=timedelta(seconds=time.monotonic() - started),
                cursor=part.cursor if part else None,
                finished_at=clock.now() if is_done else None,
            )
        return counts

    def _cut(
        self, line: ScanRunRule, version: RuleVersion, scanned_on: date | None
    ) -> list[Part | None]:
        """Return the parts of a rule's day; usually one, which is None: the whole.

        Much comes at once when a version has not been scanned (`scanned_on`), or not since its
        campaign opened, and when many reach a stage together. A run that crashed goes on after the
        due date that was done (`cursor`).
        """
        if version.pk not in self.in_force:
            return [None]
        rule = ScannedRule.of(version)
        due = due_window(rule.definition, self.day)
        if line.cursor:
            due = DueWindow(max(due.first, line.cursor + timedelta(days=1)), due.last)
        if scanned_on is None or scanned_on < opens_at_once_on(rule.definition, due):
            rows = facts_due(rule, due)
        elif line.cursor or self.held.to_remind.get(version.rule_id, 0) > self.slice_facts:
            rows = to_remind(rule, self.day, None)
        else:
            return [None]
        parts = parts_of(list(slices(due, rows, self.slice_facts)))
        return [*parts] if len(parts) > 1 or line.cursor else [None]

    def _scan_rule(
        self, version: RuleVersion, part: Part | None, most: int | None = None
    ) -> Counts:
        """Scan a rule in the running transaction; only `part` of its day where that is given."""
        rule = ScannedRule.of(version)
        is_active = lock_rule(version.rule_id)
        if version.pk not in self.in_force or not is_active:
            return end_rule(rule, clock.now())
        return scan_rule(rule, day=self.day, now=clock.now(), held=self.held, part=part, most=most)

    def _announced(self) -> Iterator[RuleVersion]:
        for number, version in enumerate(self.versions):
            if self.progress:
                self.progress(version.rule.key, number, len(self.versions))
            yield version


def _milliseconds(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
