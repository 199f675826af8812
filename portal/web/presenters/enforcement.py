"""The map of what each unit settles on time: period, hexagons, ranking, groups, and one unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.enums import UnitKind
from citizens.models import Unit
from portal.reporting.models import OUTCOMES
from portal.reporting.selectors.lattice import cells
from portal.reporting.selectors.settled import Months, Tally
from portal.web.templatetags.portal_format import grouped, share

# From pale to strong; what lies below the first is drawn palest. A unit below `_GOAL` is outlined.
_STEPS = (0.80, 0.90, 0.95, 0.98)
_GOAL = _STEPS[1]
_PERIOD = re.compile(r"(?P<year>20\d\d)(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")
_NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list to choose from."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A unit or group in the ranking; `before` is the share of a year ago."""

    place: int | None
    name: str
    url: str
    group: str
    tally: Tally
    before: float | None

    @property
    def share_told(self) -> str:
        """Return "92,91 %", or a dash where nothing is counted."""
        part = self.tally.share
        return "–" if part is None else share(part)

    @property
    def counts_told(self) -> str:
        """Return "29.278 / 31.513"."""
        return f"{grouped(self.tally.in_time)} / {grouped(self.tally.counted)}"

    @property
    def change(self) -> float | None:
        """The change in points of a per cent against a year ago."""
        if self.tally.share is None or self.before is None:
            return None
        return (self.tally.share - self.before) * 100


def months_of(text: str, today: date) -> Months:
    """Return the period that an address names ("2026", "2026-Q3", "2026-11"), else this year."""
    found = _PERIOD.fullmatch(text)
    if found is None:
        return Months.between(today.replace(month=1), today.replace(month=12), today)
    year = int(found["year"])
    first, last = 1, 12
    if found["quarter"]:
        last = int(found["quarter"]) * 3
        first = last - 2
    elif found["month"]:
        first = last = int(found["month"])
    return Months.between(date(year, first, 1), date(year, last, 1), today)


def period_told(months: Months) -> str:
    """Return "năm 2026", "quý 3/2026" or "tháng 11/2026"."""
    match (months.last.year * 12 + months.last.month) - (
        months.first.year * 12 + months.first.month
    ):
        case 11:
            return _("year %(year)s") % {"year": months.first.year}
        case 2:
            names = {"quarter": (months.first.month + 2) // 3, "year": months.first.year}
            return _("quarter %(quarter)s/%(year)s") % names
        case _:
            return _("month %(month)s") % {"month": f"{months.first:%m/%Y}"}


def value_of(months: Months) -> str:
    """Return the period as an address names it."""
    match months.last.month - months.first.month:
        case 11:
            return f"{months.first:%Y}"
        case 2:
            return f"{months.first:%Y}-Q{(months.first.month + 2) // 3}"
        case _:
            return f"{months.first:%Y-%m}"


def periods(chosen: Months, today: date, since: date | None) -> list[Option]:
    """Return the periods to choose from, newest first: this year's months, quarters, and years."""
    first = since or today
    years = [f"{year}" for year in range(today.year, first.year - 1, -1)]
    quarters = [f"{today.year}-Q{number}" for number in range((today.month + 2) // 3, 0, -1)]
    months = [f"{today.year}-{number:02}" for number in range(today.month, 0, -1)]
    values = dict.fromkeys([*years[:1], *quarters, *months, *years[1:], value_of(chosen)])
    return [
        Option(one, period_told(months_of(one, today)).capitalize(), one == value_of(chosen))
        for one in values
    ]


def field_options(fields: Iterable[str], chosen: str) -> list[Option]:
    """Return all fields together, then each."""
    whole = Option("", _("All fields"), not chosen)
    return [whole, *(Option(one, one, one == chosen) for one in fields)]


def told(tally: Tally) -> str:
    """Return "92,91 % = 29.278 / 31.513", or that nothing is counted."""
    if tally.share is None:
        return _("no dossiers counted")
    counts = f"{grouped(tally.in_time)} / {grouped(tally.counted)}"
    return f"{share(tally.share)} = {counts}"


def outcome_told(outcome: str) -> str:
    """Return what a row is told as, in words."""
    words = {str(name): str(label) for name, label in OUTCOMES}
    return words.get(outcome, _("Unfinished, overdue"))


def step_of(tally: Tally) -> int:
    """Return how strongly a unit is drawn, 0 where nothing is counted."""
    part = tally.share
    return 0 if part is None else 1 + sum(part >= bound for bound in _STEPS)


def is_below(tally: Tally) -> bool:
    """Return whether a share lies below the goal."""
    return tally.share is not None and tally.share < _GOAL


def steps_told() -> list[tuple[int, str]]:
    """Return what each step of the drawing stands for, the strongest first."""
    bounds = [f"{bound:.0%}".replace("%", "\u00a0%") for bound in _STEPS]
    between = [f"{low} – {high}" for low, high in pairwise(bounds)]
    words = [f"< {bounds[0]}", *between, f"≥ {bounds[-1]}"]
    return [*reversed(list(enumerate(words, start=1))), (0, str(_NONE))]


_NONE = gettext_lazy("no dossiers counted")


def ranked(
    units: Sequence[Unit],
    now: Mapping[int, Tally],
    before: Mapping[int, Tally],
    groups: Mapping[str, str],
    query: str,
) -> list[Line]:
    """Return the units with something counted, best share first, then those without, by name.

    Equal shares: the one with more dossiers first; its place is the same.
    """
    lines = [
        Line(
            None,
            unit.name_vi,
            reverse("web:map_unit", args=[unit.code]) + query,
            groups.get(group_of(unit), ""),
            now.get(unit.pk, _NOTHING),
            before.get(unit.pk, _NOTHING).share,
        )
        for unit in units
    ]
    return _placed(lines)


def by_group(
    units: Sequence[Unit],
    now: Mapping[int, Tally],
    before: Mapping[int, Tally],
    groups: Mapping[str, str],
) -> list[Line]:
    """Return the former districts with the sums of their units, best first."""
    sums: dict[str, tuple[Tally, Tally]] = {}
    for unit in units:
        code = group_of(unit)
        ours, past = sums.get(code, (_NOTHING, _NOTHING))
        sums[code] = (
            ours + now.get(unit.pk, _NOTHING),
            past + before.get(unit.pk, _NOTHING),
        )
    lines = [
        Line(None, groups.get(code, _("Offices of the city")), "", "", ours, past.share)
        for code, (ours, past) in sums.items()
    ]
    return _placed(lines)


def _placed(lines: list[Line]) -> list[Line]:
    counted = [one for one in lines if one.tally.share is not None]
    counted.sort(key=lambda one: (-(one.tally.share or 0), -one.tally.counted, one.name))
    shares = [one.tally.share for one in counted]
    first = {part: shares.index(part) + 1 for part in reversed(shares)}
    placed = [
        Line(first[one.tally.share], one.name, one.url, one.group, one.tally, one.before)
        for one in counted
    ]
    rest = sorted((one for one in lines if one.tally.share is None), key=lambda one: one.name)
    return [*placed, *rest]


def group_of(unit: Unit) -> str:
    """Return the code of the former district in which a unit lies, "" for the city's offices."""
    if unit.kind == UnitKind.PROVINCE:
        return ""
    found = cells().get(unit.code)
    return found.group if found else ""


def total(tallies: Iterable[Tally]) -> Tally:
    """Return all together."""
    return sum(tallies, _NOTHING)


def figures(
    units: Iterable[Unit], tallies: Mapping[int, Tally], digest: str
) -> Iterator[list[object]]:
    """Yield the lines of a CSV of figures; `digest` is that of the rows behind them."""
    names = ("early", "on_time", "late", "overdue", "no_term")
    yield ["unit", "name", *names, "in_time", "counted", "share", "rows_sha256"]
    for unit in units:
        tally = tallies.get(unit.pk, _NOTHING)
        counts = [getattr(tally, name) for name in names]
        part = "" if tally.share is None else f"{tally.share:.6f}"
        yield [unit.code, unit.name_vi, *counts, tally.in_time, tally.counted, part, digest]
