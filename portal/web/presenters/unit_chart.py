"""A unit's twelve months as bars: settled in time below, late above it, hatched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dossiers.enums import DelayKind, Status
from dossiers.models.delays import DELAY_KINDS
from dossiers.models.dossiers import STATUSES
from portal.reporting.selectors.delays import Delays
from portal.reporting.selectors.settled import Months, Tally

_WIDTH, _HEIGHT = 360.0, 190.0
_TOP, _BOTTOM = 22.0, 28.0  # for the shares above the bars, and the months below
_PART = 0.66  # of a month's width that its bar takes


@dataclass(frozen=True, slots=True)
class Bar:
    """A month: where its bar stands, what of it is in time and late, and what is written."""

    x: float
    middle: float
    width: float
    late_y: float
    late_height: float
    time_y: float
    time_height: float
    label_y: float
    short: str
    month: str
    year: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing: its size, the line on which the bars stand, and the most that a month had."""

    width: float
    height: float
    ground: float
    month_y: float
    year_y: float
    bars: list[Bar]
    most: int


def chart(trend: Mapping[date, Tally], months: Months) -> Chart | None:
    """Draw the months of a period, also those without a dossier; None where all are."""
    days = _months(months)
    most = max((trend[day].counted for day in days if day in trend), default=0)
    if not most:
        return None
    scale = (_HEIGHT - _TOP - _BOTTOM) / most
    ground = _HEIGHT - _BOTTOM
    step = _WIDTH / len(days)
    bars = [
        _bar(at * step, step, day, trend.get(day, Tally()), scale) for at, day in enumerate(days)
    ]
    return Chart(_WIDTH, _HEIGHT, ground, ground + 12, ground + 24, bars, most)


def _bar(left: float, step: float, day: date, tally: Tally, scale: float) -> Bar:
    ground = _HEIGHT - _BOTTOM
    late, in_time = tally.late * scale, tally.in_time * scale
    return Bar(
        x=left + step * (1 - _PART) / 2,
        middle=left + step / 2,
        width=step * _PART,
        late_y=ground - in_time - late,
        late_height=late,
        time_y=ground - in_time,
        time_height=in_time,
        label_y=ground - in_time - late - 5,
        short="" if tally.share is None else f"{tally.share * 100:.0f}",
        month=f"{day.month}",
        year=f"{day.year}" if day.month == 1 or not left else "",
    )


def _months(months: Months) -> list[date]:
    first = months.first.year * 12 + months.first.month - 1
    last = months.last.year * 12 + months.last.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(first, last + 1)]


def open_told(rows: Iterable[tuple[Status, str, int]]) -> list[tuple[str, str, int]]:
    """Return where open dossiers are in words: the status, the step inside the office, how many."""
    words = {Status(key): str(label) for key, label in STATUSES}
    return [(words[status], step, count) for status, step, count in rows]


def causes_told(delays: Delays) -> list[tuple[str, int]]:
    """Return the working days late by cause in words, most first, the unexplained last."""
    words = {DelayKind(key): str(label) for key, label in DELAY_KINDS}
    stated = sorted(delays.causes.items(), key=lambda one: (-one[1], one[0]))
    told = [(words[kind], days) for kind, days in stated]
    return [*told, (_("No cause stated"), delays.unstated)] if delays.unstated else told
