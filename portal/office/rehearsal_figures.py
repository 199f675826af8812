"""The figures of a rehearsal as a page shows them: rows in words, bars of the weeks, load."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from citizens.models import Unit
from citizens.models.places import ZONE_KINDS
from portal.common import clock
from portal.office.register_words import in_language
from portal.reporting.forecast.capacity import A_YEAR
from procedures.definition import RuleDefinition
from procedures.definition.conditions import leaves
from procedures.definition.rule_sentences import condition_in_words
from procedures.enums import Answer, Missed
from procedures.models import RehearsalRun
from procedures.selectors.known_codes import known_codes
from procedures.selectors.rehearsals import Figures

_ANSWERS = (
    (Answer.YES, gettext_lazy("Yes: every condition holds")),
    (Answer.LIKELY, gettext_lazy("Likely: one fact is missing")),
    (Answer.NO, gettext_lazy("No: a condition does not hold")),
)
REACH_WORDS = {
    "app": gettext_lazy("App"),
    "push": gettext_lazy("Browser notice"),
    "zalo": gettext_lazy("Zalo"),
    "sms": gettext_lazy("SMS"),
    "email": gettext_lazy("Email"),
    "no_contact": gettext_lazy("Only on “My matters”: no phone number or address known"),
    "old_contact": gettext_lazy("Only on “My matters”: number not verified for a year"),
    "stopped": gettext_lazy("Only on “My matters”: they stopped every other way"),
}
_MISSED = {
    Missed.STOPPED: gettext_lazy("They stopped this kind of message"),
    Missed.NO_GUARDIAN: gettext_lazy("A child of whom no parent or guardian is known"),
    Missed.NOBODY: gettext_lazy("Nobody whom the rule addresses is known, grown-up and listening"),
    Missed.DECEASED: gettext_lazy("Deceased: nobody is to be told"),
    Missed.EMIGRATED: gettext_lazy("Left the country"),
}
_EARLY = (
    (90, gettext_lazy("90 days or more before")),
    (60, gettext_lazy("60 to 89 days before")),
    (30, gettext_lazy("30 to 59 days before")),
    (7, gettext_lazy("7 to 29 days before")),
    (0, gettext_lazy("less than 7 days before")),
    (-100_000, gettext_lazy("only after the due date")),
)
_REASONS_SHOWN = 8
_STEP, _HIGH = 12, 150  # the chart's own units
_LABEL_WEEKS = 3  # a month's name is as wide as so many bars
_CUT_ABOVE = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A count with its name and its share of all, in per cent."""

    name: str
    count: int
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """For so many facts a condition does not hold, for so many it is not known."""

    sentence: str
    wrong: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Place:
    """A unit's matters and the officers that they would keep busy in the period."""

    name: str
    zone: str
    matters: int
    officers: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A week's bar in the chart; `label` stands under the first week of a month.

    `is_cut` says that the bar is higher than the chart.
    """

    x: int
    y: int
    height: int
    monday: date
    matters: int
    messages: int
    label: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page says of one rehearsal."""

    run: RehearsalRun
    figures: Figures
    answers: list[Row]
    reasons: list[Reason]
    bars: list[Bar]
    places: list[Place]
    zones: list[Place]
    stages: list[Row]
    channels: list[Row]
    missed: list[Row]
    early: list[Row]

    @property
    def width(self) -> int:
        """The chart's width in its own units."""
        return max(len(self.bars) * _STEP, _STEP)

    @property
    def officers(self) -> float:
        """Officers that all matters together would keep busy."""
        return sum(zone.officers for zone in self.zones)

    @property
    def first(self) -> Bar:
        """The week of the first day, on which all is opened that is due already."""
        return self.bars[0]

    @property
    def busiest(self) -> Bar | None:
        """The week with most matters after the first."""
        return max(self.bars[1:], key=lambda bar: bar.matters, default=None)


def shown(run: RehearsalRun) -> Shown:
    """Return what the page of a finished rehearsal shows; as many queries whatever its size."""
    figures = Figures.from_json(run.figures)
    rule = RuleDefinition.from_json(run.rule_version.definition)
    places = _places(figures, (run.last_on - run.first_on).days + 1)
    return Shown(
        run=run,
        figures=figures,
        answers=_rows((str(word), figures.answers.get(one, 0)) for one, word in _ANSWERS),
        reasons=_reasons(rule, figures),
        bars=_bars(figures, run),
        places=places,
        zones=_zones(places),
        stages=_rows((_stage(days), figures.messages[days]) for days in _down(figures.messages)),
        channels=_rows(
            (str(word), figures.channels[way])
            for way, word in REACH_WORDS.items()
            if way in figures.channels
        ),
        missed=_rows(
            (str(word), figures.missed[why])
            for why, word in _MISSED.items()
            if why in figures.missed
        ),
        early=_early(figures),
    )


def _rows(named: Any) -> list[Row]:
    found = list(named)
    total = sum(count for _name, count in found)
    return [Row(name, count, count * 100 / total if total else None) for name, count in found]


def _down(counts: Mapping[int, int]) -> list[int]:
    return sorted(counts, reverse=True)


def _stage(days: int) -> str:
    if not days:
        return _("On the due date")
    words = ngettext("%(days)d day before the due date", "%(days)d days before the due date", days)
    return words % {"days": days}


def _reasons(rule: RuleDefinition, figures: Figures) -> list[Reason]:
    """Return the conditions that keep most people out, in words."""
    found = []
    names = known_codes(day=clock.today()).names if rule.conditions else {}
    for leaf in leaves(rule.conditions):
        wrong, unknown = figures.reasons.get(leaf.path, (0, 0))
        words = condition_in_words(leaf, names)
        found.append(Reason(in_language(words.vi, words.en), wrong, unknown))
    found.sort(key=lambda reason: reason.wrong + reason.unknown, reverse=True)
    return [one for one in found if one.wrong or one.unknown][:_REASONS_SHOWN]


def _bars(figures: Figures, run: RehearsalRun) -> list[Bar]:
    """Return the weeks; the first, which catches up, must not press the others flat."""
    weeks = figures.by_week(run.first_on, run.last_on)
    highest = max((matters for _monday, matters, _told in weeks[1:]), default=0)
    if not highest or weeks[0][1] <= highest * _CUT_ABOVE:
        highest = max(highest, weeks[0][1]) or 1
    return list(_drawn(weeks, highest))


def _drawn(weeks: list[tuple[date, int, int]], highest: int) -> Iterator[Bar]:
    labelled = -_LABEL_WEEKS
    for number, (monday, matters, told) in enumerate(weeks):
        whole = max(round(matters * _HIGH / highest), 1 if matters else 0)
        height = min(whole, _HIGH)
        begins = number == 0 or monday.day <= 7
        fits = labelled + _LABEL_WEEKS <= number < len(weeks) - 2
        label = f"{monday:%m/%y}" if begins and fits else ""
        labelled = number if label else labelled
        is_cut = whole > _HIGH
        yield Bar(number * _STEP, _HIGH - height, height, monday, matters, told, label, is_cut)


def _places(figures: Figures, days: int) -> list[Place]:
    """Return the units by their matters, the most first."""
    counts = figures.by_unit()
    units = Unit.objects.order_by().in_bulk([key for key in counts if key is not None])
    zones = {str(key): str(word) for key, word in ZONE_KINDS}
    found = []
    for key, matters in counts.most_common():
        unit = units.get(key or 0)
        if not matters:
            continue
        a_period = A_YEAR[unit.zone] * days / 365 if unit else 0
        found.append(
            Place(
                name=str(unit) if unit else _("No unit known"),
                zone=zones[unit.zone] if unit else "–",
                matters=matters,
                officers=matters / a_period if a_period else 0,
            )
        )
    return found


def _zones(places: list[Place]) -> list[Place]:
    matters: Counter[str] = Counter()
    officers: defaultdict[str, float] = defaultdict(float)
    for place in places:
        matters[place.zone] += place.matters
        officers[place.zone] += place.officers
    return [Place(zone, zone, count, officers[zone]) for zone, count in matters.most_common()]


def _early(figures: Figures) -> list[Row]:
    counts: Counter[str] = Counter()
    for days, count in figures.days_early.items():
        counts[next(str(word) for least, word in _EARLY if days >= least)] += count
    return _rows((str(word), counts[str(word)]) for _least, word in _EARLY if counts[str(word)])
