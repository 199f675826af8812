"""What can be wrong with the log of views, and how it is told: which row, which seal, what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from citizens.services.seal_format import Row, row_digest

KEPT = 100
"""How many findings are kept, the first in the chain; the others are only counted."""
_AFTER_ALL = 2**63


class Fault(StrEnum):
    """The words that `verify_log` uses; each names one way of tampering, or of falling behind."""

    CHANGED = "changed"
    DELETED = "deleted"
    INSERTED = "inserted"
    EXCHANGED = "exchanged"
    CUT_OFF = "tail cut off"
    FORGED = "seal forged"
    OUTSIDE = "log root"
    LATE = "not sealed in time"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong; `row` is a key of the log, `seal` a number, None where there is none."""

    fault: Fault
    seal: int | None
    row: int | None
    detail: str

    def __str__(self) -> str:
        row = "" if self.row is None else f"row {self.row}, "
        seal = "in no seal" if self.seal is None else f"seal {self.seal}"
        where = f"{row}{seal}: " if row or self.seal is not None else ""
        return f"{where}{self.fault} – {self.detail}"

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the chain; a seal comes before its rows."""
        return (
            _AFTER_ALL if self.seal is None else self.seal,
            -1 if self.row is None else self.row,
        )


@dataclass(slots=True)
class Changed:
    """A row whose content is not what was sealed, kept to see whether two were exchanged."""

    row: Row
    sealed: bytes

    def holds_what_was_in(self, other: Changed) -> bool:
        """Return whether this row's content stood in the other row when that was sealed."""
        return row_digest((other.row[0], *self.row[1:])) == other.sealed


@dataclass(slots=True)
class Findings:
    """Keeps the first findings of each kind and counts them all: constant memory."""

    kept: list[Finding] = field(default_factory=list)
    counts: Counter[Fault] = field(default_factory=Counter)
    changed: list[Changed] = field(default_factory=list)

    def add(self, finding: Finding, times: int = 1) -> None:
        """Note what is wrong with one place, or with `times` places from there on."""
        if self.counts[finding.fault] < KEPT:
            self.kept.append(finding)
        self.counts[finding.fault] += times

    def add_changed(self, seal: int, row: Row, sealed: bytes) -> None:
        """Note a row that is not what was sealed."""
        if len(self.changed) < KEPT:
            self.changed.append(Changed(row, sealed))
        self.add(Finding(Fault.CHANGED, seal, row[0], "it is not what was sealed"))

    def settle(self) -> list[Finding]:
        """Return the findings in the order of the chain, exchanged rows named as such."""
        partners = dict(_exchanges(self.changed))
        settled = [_exchanged(finding, partners) for finding in self.kept]
        return sorted(settled, key=lambda finding: finding.place)


@dataclass(slots=True)
class Gap:
    """Rows, or seals, in a run that are gone; whether it is the tail is known at the end only."""

    what: str
    seal: int | None = None
    row: int | None = None
    after: int | None = None
    count: int = 0

    def widen(
        self, seal: int, row: int | None = None, *, after: int | None = None, count: int = 1
    ) -> None:
        """Count `count` more; the first names the run. A seal's rows came `after` that one."""
        if not self.count:
            self.seal, self.row, self.after = seal, row, after
        self.count += count

    def close(self, findings: Findings, *, at_end: bool = False) -> None:
        """Note the run, if there is one, and begin anew."""
        if self.count:
            fault = Fault.CUT_OFF if at_end else Fault.DELETED
            findings.add(Finding(fault, self.seal, self.row, self._detail()), self.count)
            self.count = 0

    def _detail(self) -> str:
        gone = f"it and the next {self.count - 1} {self.what} are" if self.count > 1 else "it is"
        after = "" if self.after is None else f"; its rows came after row {self.after}"
        return f"{gone} gone{after}"


def _exchanged(finding: Finding, partners: dict[int, int]) -> Finding:
    if finding.fault is not Fault.CHANGED or finding.row not in partners:
        return finding
    detail = f"it holds what was sealed as row {partners[finding.row]}"
    return replace(finding, fault=Fault.EXCHANGED, detail=detail)


def _exchanges(changed: Sequence[Changed]) -> Iterator[tuple[int, int]]:
    """Yield (row, the row whose content it holds) among rows that changed."""
    for one in changed:
        for other in changed:
            if one is not other and one.holds_what_was_in(other):
                yield one.row[0], other.row[0]
