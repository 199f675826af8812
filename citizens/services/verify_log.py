"""Recompute the whole chain of seals from the rows as they stand, and say what does not fit.

Memory stays constant: seals and the lines of LOG_ROOT are walked side by side in order, their rows
read in portions. Every hash is computed here, none by the database. The walk sees one moment of
the tables; lines that were written to LOG_ROOT after that moment are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction

from citizens.models import AccessLog, Seal, Unsealed
from citizens.services.log_faults import Fault, Finding, Findings, Gap
from citizens.services.seal_checks import Link, Outside, fault_of, paired, seals_from
from citizens.services.seal_format import COLUMNS, DIGEST, Root, Row, row_digest
from citizens.services.seal_views import UNSEALED_WINDOW, root_of

LATE_AFTER = timedelta(minutes=10)
_PORTION = 5_000  # rows read at once

# In no seal, and not waiting for one: it did not come by the way that views come.
_IN_NO_SEAL = """
SELECT id FROM (
    SELECT log.id FROM citizens_accesslog log
    WHERE log.id > %s
      AND NOT EXISTS (SELECT FROM citizens_unsealed waiting WHERE waiting.view_id = log.id)
    EXCEPT SELECT unnest(row_ids) FROM citizens_seal
) unknown ORDER BY id LIMIT 100
"""
_ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
_NO_LIMITS = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Verdict:
    """What was walked and what was found; sound when there are no findings.

    `late_rows` carry a time more than `LATE_AFTER` before their seal's: the sealer was away, or
    they were written afterwards. Of findings the first hundred of a kind are kept, all counted.
    """

    seals: int = 0
    rows: int = 0
    lines: int = 0
    waiting: int = 0
    oldest_waiting: timedelta | None = None
    late_rows: int = 0
    findings: list[Finding] = field(default_factory=list)
    fault_count: int = 0


def verify_log(*, now: datetime, first: int = 1, progress: Progress | None = None) -> Verdict:
    """Check the seals from number `first` on, their rows, LOG_ROOT, and what is in no seal."""
    outside = Outside.frozen()
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute(_ONE_MOMENT)
        cursor.execute(_NO_LIMITS)
        walk = _Walk(Link.before(first, outside), outside, now)
        total = Seal.objects.filter(number__gte=first).count()
        for number, seal, line in paired(seals_from(first), outside.lines(first)):
            walk.step(number, seal, line)
            if progress is not None:
                progress(walk.verdict.seals, total)
        return walk.finish()


class _Walk:
    """Goes from seal to seal and keeps no more than the last link and one portion of rows."""

    def __init__(self, link: Link, outside: Outside, now: datetime) -> None:
        self.link, self.outside, self.now = link, outside, now
        self.verdict, self.findings = Verdict(), Findings()
        self.seal_gap, self.row_gap = Gap("seals"), Gap("rows")
        self.portion: list[Seal] = []
        self.portion_rows = 0
        self.unknown = _in_no_seal(link.last_id)
        self.is_behind = False

    def step(self, number: int, seal: Seal | None, line: Root | None) -> None:
        """Take in one number of the chain: the table's seal, the line outside, or both."""
        self.verdict.lines += line is not None
        if seal is not None:
            self._take(seal, line)
        elif line is not None and line.is_genuine:
            self.seal_gap.widen(number, after=self.link.last_id)
            self.link = Link.of(line)
        else:
            self.outside.strays.add(number)

    def finish(self) -> Verdict:
        """Check what is left over: the tail, rows in no seal, rows that wait, LOG_ROOT itself."""
        self._check_rows()
        self.row_gap.close(self.findings, at_end=True)
        self.seal_gap.close(self.findings, at_end=True)
        self._place_unknown(None)
        self._check_outside()
        self._check_waiting()
        self.verdict.findings = self.findings.settle()
        self.verdict.fault_count = self.findings.counts.total()
        return self.verdict

    def _note(self, fault: Fault, seal: int | None, row: int | None, detail: str) -> None:
        self.findings.add(Finding(fault, seal, row, detail))

    def _take(self, seal: Seal, line: Root | None) -> None:
        missing = seal.number - self.link.number - 1
        if missing:
            self.seal_gap.widen(self.link.number + 1, after=self.link.last_id, count=missing)
            self.link = Link(seal.number - 1, None, self.link.last_id)
        self.seal_gap.close(self.findings)
        fault = fault_of(seal, line, self.link)
        if fault is not None:
            self.findings.add(fault)
        if line is None:
            self._check_told(seal)
        self.link = Link.of(root_of(seal))
        self.verdict.seals += 1
        self._place_unknown(seal)
        self.portion.append(seal)
        self.portion_rows += len(seal.row_ids)
        if self.portion_rows >= _PORTION:
            self._check_rows()

    def _check_told(self, seal: Seal) -> None:
        """Note, once, that LOG_ROOT lacks a seal which should be there by now."""
        is_due = self.now - seal.sealed_at > UNSEALED_WINDOW
        if is_due and not self.is_behind and not self.outside.error:
            self.is_behind = True
            self._note(Fault.OUTSIDE, seal.number, None, "LOG_ROOT lacks this seal")

    def _check_rows(self) -> None:
        """Compare the rows of the portion with their digests, and begin a new portion."""
        keys = [key for seal in self.portion for key in seal.row_ids]
        rows = AccessLog.objects.filter(pk__in=keys).order_by().values_list(*COLUMNS)
        found: dict[int, Row] = {row[0]: row for row in rows}
        for seal in self.portion:
            for key, digest in zip(seal.row_ids, _split(seal.row_digests), strict=False):
                self._check_row(seal, key, digest, found.get(key))
        self.verdict.rows += len(keys)
        self.portion, self.portion_rows = [], 0

    def _check_row(self, seal: Seal, key: int, digest: bytes, row: Row | None) -> None:
        if row is None:
            self.row_gap.widen(seal.number, key)
            return
        self.row_gap.close(self.findings)
        if row_digest(row) != digest:
            self.findings.add_changed(seal.number, row, digest)
        elif seal.sealed_at - row[-1] > LATE_AFTER:
            self.verdict.late_rows += 1

    def _place_unknown(self, seal: Seal | None) -> None:
        """Give rows in no seal the place that their keys have among the sealed ones."""
        number = None if seal is None else seal.number
        end = seal.row_ids[-1] if seal is not None and seal.row_ids else 0
        while self.unknown and (seal is None or self.unknown[0] < end):
            detail = "no seal covers it, and it does not wait for one"
            self._note(Fault.INSERTED, number, self.unknown.pop(0), detail)

    def _check_outside(self) -> None:
        """Note what is wrong with LOG_ROOT itself."""
        if self.outside.error:
            detail = f"cannot be read ({self.outside.error}): a tail cut off would not be seen"
            self._note(Fault.OUTSIDE, None, None, detail)
        for number in sorted(self.outside.strays):
            self._note(Fault.OUTSIDE, number, None, "LOG_ROOT has a line that we did not sign")

    def _check_waiting(self) -> None:
        """Note what was deleted before its seal, and what has waited for too long."""
        waiting = Unsealed.objects.order_by("pk")
        self.verdict.waiting = waiting.count()
        known = AccessLog.objects.filter(pk__in=waiting.values("pk"))
        for key in waiting.exclude(pk__in=known.values("pk")).values_list("pk", flat=True)[:100]:
            self._note(Fault.DELETED, None, key, "it is gone before it was sealed")
        oldest = known.order_by("recorded_at", "pk").first()
        if oldest is None:
            return
        self.verdict.oldest_waiting = waits = self.now - oldest.recorded_at
        if waits > UNSEALED_WINDOW:
            detail = f"waits for {waits.total_seconds():.0f} s: are worker and beat running?"
            self._note(Fault.LATE, None, oldest.pk, detail)


def _in_no_seal(after: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_IN_NO_SEAL, [after])
        return [key for (key,) in cursor.fetchall()]


def _split(digests: bytes | memoryview) -> Iterator[bytes]:
    whole = bytes(digests)
    return (whole[start : start + DIGEST] for start in range(0, len(whole), DIGEST))
