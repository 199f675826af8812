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
    slices,
)
from procedures.detection.facts import ScannedRule
from procedures.detection.windows import DueWindow, due_window
from procedures.enums import ScanKind
from procedures.models import RuleVersion, ScanRun, ScanRunRule
from procedures.selectors import rules_in_force

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
    is scanning this date, so nothing was done here.
    """

    run: ScanRun | None
    rules: tuple[RuleResult, ...]
    is_busy: bool = False

    @property
    def total(self) -> Counts:
        """All rules together."""
        return sum((result.counts for result in self.rules), Counts())

    @property
    def has_failed(self) -> bool:
        """Whether any rule raised; the others were scanned all the same."""
        return any(result.error for result in self.rules)


@dataclass(frozen=True, slots=True)
class _Work:
    """One rule's share of a run; `in_force` is False for a rule whose suggestions are to end."""

    version: RuleVersion
    in_force: bool


def scan_day(
    *,
    on_date: date,
    rule_key: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ScanResult:
    """Scan the civil date `on_date`: every rule in force, or the one with `rule_key`.

    One transaction a rule; the first run of a rule is cut into slices. A rule that raises is noted
    and does not stop the others. Repeated for the same date it writes nothing, unless facts have
    changed meanwhile. A rehearsal (`dry_run`) does it all and rolls it back. `progress` is told
    (rule, done, all) before each rule.
    """
    if dry_run:
        held = Held.on(on_date)
        return ScanResult(None, tuple(_rehearsed(on_date, held, rule_key, progress)))
    run = runs.claim_run(on_date=on_date, scope=rule_key or "", now=clock.now())
    if run is None:
        return ScanResult(None, (), is_busy=True)
    results = tuple(_scanned(run, Held.on(on_date), rule_key, progress))
    clean = not any(result.error for result in results)
    runs.finish_run(run, is_clean=clean, now=clock.now())
    return ScanResult(run, results)


def has_scanned(*, on_date: date) -> bool:
    """Return whether the whole of `on_date` was scanned without an error."""
    return ScanRun.objects.finished(on_date).exists()


def _work(on_date: date, held: Held, rule_key: str | None) -> list[_Work]:
    in_force = list(rules_in_force(day=on_date))
    work = [_Work(version, in_force=True) for version in in_force]
    work += [_Work(version, in_force=False) for version in ended_rules(held, in_force)]
    return [one for one in work if rule_key in (None, one.version.rule.key)]


def _rehearsed(
    on_date: date, held: Held, rule_key: str | None, progress: Progress | None
) -> Iterator[RuleResult]:
    for one in _announced(_work(on_date, held, rule_key), progress):
        started = time.monotonic()
        counts, error = Counts(), ""
        try:
            with transaction.atomic():
                counts = _whole(one, on_date, held)
                transaction.set_rollback(True)
        except Exception as failure:
            error = runs.describe(failure)
        yield RuleResult(one.version.rule.key, counts, _milliseconds(started), error)


def _scanned(
    run: ScanRun, held: Held, rule_key: str | None, progress: Progress | None
) -> Iterator[RuleResult]:
    for one in _announced(_work(run.on_date, held, rule_key), progress):
        started = time.monotonic()
        line = runs.line_of(run, one.version)
        if run.resumed_count and line.finished_at and not line.error and run.is_running:
            continue  # done before the crash
        counts, error = Counts(), ""
        try:
            for part in _parts(run, line, one, held):
                counts += part
        except LeaseLostError:
            return
        except Exception as failure:
            error = runs.note_error(line, failure)
        yield RuleResult(one.version.rule.key, counts, _milliseconds(started), error)


def _parts(run: ScanRun, line: ScanRunRule, one: _Work, held: Held) -> Iterator[Counts]:
    """Scan a rule, one transaction a part, and note each part with its effect."""
    for due, is_last in _windows(run, line, one):
        started = time.monotonic()
        with transaction.atomic():
            if not runs.keeps_lease(run, clock.now()):
                raise LeaseLostError
            counts = _whole(one, run.on_date, held, due)
            runs.note(
                line,
                counts,
                took=timedelta(seconds=time.monotonic() - started),
                cursor=None if is_last or due is None else due.last,
                finished_at=clock.now() if is_last else None,
            )
        yield counts


def _whole(one: _Work, day: date, held: Held, due: DueWindow | None = None) -> Counts:
    """Scan a rule in the running transaction; only what is due in `due` where that is given."""
    rule = ScannedRule.of(one.version)
    lock_rule(one.version.rule_id)
    if not one.in_force:
        return end_rule(rule, clock.now())
    return scan_rule(rule, day=day, now=clock.now(), held=held, due=due)


def _windows(
    run: ScanRun, line: ScanRunRule, one: _Work
) -> Iterator[tuple[DueWindow | None, bool]]:
    """Return the parts of a rule's window and whether each is the last; usually one, the whole.

    A rule version that never finished finds everything at once: it is cut into slices, and goes on
    after the slice that a crash left (`cursor`).
    """
    finished = ScanRunRule.objects.filter(
        rule_version=one.version, run__kind=ScanKind.NIGHTLY, finished_at__isnull=False
    )
    if not one.in_force or finished.exists():
        yield None, True
        return
    rule = ScannedRule.of(one.version)
    due = due_window(rule.definition, run.on_date)
    if line.cursor:
        due = DueWindow(max(due.first, line.cursor + timedelta(days=1)), due.last)
    parts = list(slices(rule, due))
    for number, part in enumerate(parts, start=1):
        yield part, number == len(parts)


def _announced(work: list[_Work], progress: Progress | None) -> Iterator[_Work]:
    for number, one in enumerate(work):
        if progress:
            progress(one.version.rule.key, number, len(work))
        yield one


def _milliseconds(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
