"""The forecast as a drawing: bars, a band and lines in the coordinates of one SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from portal.office.forecast_view import View
from portal.reporting.selectors.outlook import Week

WIDTH, HEIGHT = 960, 300
_LEFT, _TOP, _BOTTOM = 56, 12, 40
_STEPS = (1, 2, 5)
_MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One week's count, with what to say of it."""

    x: float
    y: float
    width: float
    height: float
    kind: str  # past or due
    week: date
    count: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis and its label: a number, or the first week of a month."""

    at: float
    number: int | None = None
    week: date | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything to be drawn; points are `x,y x,y …`, empty where there is nothing to draw."""

    bars: tuple[Bar, ...]
    band: str
    line: str
    capacity: str
    today: float
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    floor: int = HEIGHT - _BOTTOM


def drawn(view: View) -> Chart | None:
    """Return the drawing of a page; None where there is nothing at all to draw."""
    weeks = (*view.seen.past, *view.seen.ahead)
    top = max([_highest(week) for week in weeks] + [*view.capacities], default=0.0)
    if top <= 0:
        return None
    return _Canvas(weeks, top, len(view.seen.past)).chart(view.capacities)


def _highest(week: Week) -> float:
    counts = (week.happened, week.due, week.expected, week.high)
    return max(float(count or 0) for count in counts)


class _Canvas:
    """The scale of one drawing."""

    def __init__(self, weeks: Sequence[Week], top: float, past: int) -> None:
        self.weeks, self.past = weeks, past
        self.step = _step(top)
        self.top = self.step * (int(top / self.step) + 1)
        self.slot = (WIDTH - _LEFT) / len(weeks)

    def chart(self, capacities: Sequence[float]) -> Chart:
        """Draw everything."""
        ahead = [(n, week) for n, week in enumerate(self.weeks) if week.expected is not None]
        highs = [self.point(n, float(week.high or 0)) for n, week in ahead]
        lows = [self.point(n, float(week.low or 0)) for n, week in ahead]
        numbered = enumerate(capacities, start=self.past)
        return Chart(
            bars=tuple(self.bars()),
            band=" ".join([*highs, *reversed(lows)]),
            line=" ".join(self.point(n, float(week.expected or 0)) for n, week in ahead),
            capacity=" ".join(self.point(n, amount) for n, amount in numbered),
            today=round(_LEFT + self.past * self.slot, 1),
            rows=tuple(
                Tick(self.y(number), number=number)
                for number in range(0, int(self.top) + 1, self.step)
            ),
            columns=tuple(self.months()),
        )

    def bars(self) -> Iterator[Bar]:
        """Yield what happened, and what is known to be due."""
        for n, week in enumerate(self.weeks):
            count = week.happened if week.happened is not None else week.due
            if count:
                kind = "past" if week.happened is not None else "due"
                y, x = self.y(count), _LEFT + n * self.slot + 1
                height = round(self.y(0) - y, 1)
                yield Bar(round(x, 1), y, round(self.slot - 2, 1), height, kind, week.week, count)

    def months(self) -> Iterator[Tick]:
        """Yield the first week of every second month."""
        for n, week in enumerate(self.weeks):
            if week.week.day <= 7 and week.week.month % 2:
                yield Tick(round(_LEFT + (n + 0.5) * self.slot, 1), week=week.week)

    def y(self, count: float) -> float:
        """Return the height of a count."""
        free = HEIGHT - _TOP - _BOTTOM
        return round(_TOP + free * (1 - count / self.top), 1)

    def point(self, n: int, count: float) -> str:
        """Return the middle of a week's slot at the height of a count."""
        return f"{_LEFT + (n + 0.5) * self.slot:.1f},{self.y(count)}"


def _step(top: float) -> int:
    """Return the distance of the lines: 1, 2 or 5 times a power of ten, at most five lines."""
    power = 1
    while True:
        for step in _STEPS:
            if top / (step * power) <= _MOST_TICKS:
                return step * power
        power *= 10
