"""The table of a benchmark's figures."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.measures import Measure

_SIGN = {"at least": "≥", "at most": "≤"}


def table(measures: Sequence[Measure]) -> str:
    """Return the figures as aligned lines: name, value, unit, target, verdict."""
    rows = [("figure", "value", "unit", "target", "")]
    rows += [_row(one) for one in measures]
    widths = [max(len(row[place]) for row in rows) for place in range(5)]
    return "\n".join(_line(row, widths) for row in rows)


def _row(one: Measure) -> tuple[str, str, str, str, str]:
    target = "" if one.target is None else f"{_SIGN[one.bound]} {number(one.target)}"
    verdict = " ".join(part for part in (one.verdict, one.note) if part)
    return (one.name, number(one.value), one.unit, target, verdict)


def number(value: float) -> str:
    """Return a figure with as many places as it deserves."""
    if value >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _line(row: tuple[str, ...], widths: Sequence[int]) -> str:
    name, value, *rest = (text.ljust(width) for text, width in zip(row, widths, strict=True))
    return "  ".join([name, value.strip().rjust(widths[1]), *rest]).rstrip()
