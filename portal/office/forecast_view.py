"""What the page of the forecast shows to one official: what to choose from, and the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, When
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from citizens.enums import UnitKind
from citizens.models import Unit
from portal.office.roles import Desk
from portal.office.standing import Standing
from portal.reporting.enums import CountKind
from portal.reporting.forecast.capacity import Busy
from portal.reporting.forecast.model import SeriesModel
from portal.reporting.selectors.errors import OwnError, own_errors
from portal.reporting.selectors.forecasts import InUse, model_in_use
from portal.reporting.selectors.histories import PLACES
from portal.reporting.selectors.offices import Office, office_of, work_of
from portal.reporting.selectors.outlook import Outlook, Part, outlook
from portal.reporting.selectors.proposals import Proposal, proposal
from portal.reporting.selectors.series import Series, dated_rules, event_series

WORK, RENEWALS = "work", "renewals"


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind that may be chosen: its value, its word, and the parts that it adds up."""

    value: str
    word: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the model knows of a series, for the table of its figures."""

    series: Series
    model: SeriesModel | None


@dataclass(frozen=True, slots=True)
class View:
    """All that the page shows; `office`, `busy` and `plan` belong to the whole work of a unit."""

    day: date
    unit: Unit | None
    units: tuple[Unit, ...]
    groups: Mapping[str, Sequence[Choice]]
    chosen: Choice
    seen: Outlook
    used: InUse
    learnt: tuple[Learnt, ...]
    errors: tuple[OwnError, ...]
    office: Office | None = None
    capacities: tuple[float, ...] = ()
    busy: tuple[Busy, ...] = ()
    plan: Proposal | None = None

    @property
    def has_dates(self) -> bool:
        """Whether anything here is due on dates that are known."""
        return any(part.rule for part in self.chosen.parts)

    @property
    def is_work(self) -> bool:
        """Whether the page is about the unit's whole work."""
        return self.chosen.value == WORK


def series_word(series: Series) -> str:
    """Return the name of a series in the language of the page."""
    return series.name_en if get_language() == "en" else series.name_vi


def units_shown(standing: Standing) -> list[Unit]:
    """Return the units whose forecast the official may see: the city first, then by code."""
    first = Case(When(kind=UnitKind.PROVINCE, then=0), default=1, output_field=IntegerField())
    here: Any = standing.units_of(Desk.FORECAST).filter(
        valid__contains=standing.day, kind__in=[UnitKind.PROVINCE, *PLACES]
    )
    return list(here.order_by(first, "name_vi"))


def view_of(standing: Standing, *, unit: str, kind: str) -> View:
    """Return the page of a unit (its code) and a kind; what is not in scope falls to the first."""
    day, units = standing.day, units_shown(standing)
    place = next((one for one in units if one.code == unit), units[0] if units else None)
    work = Choice(WORK, _("All work of the unit's offices"), tuple(_work(place, day)))
    groups = _groups(work, day)
    choices = [one for group in groups.values() for one in group]
    chosen = next((one for one in choices if one.value == kind), work)
    used = model_in_use()
    if place is None:
        nothing = Outlook((), (), frozenset(), None)
        return View(day, None, (), groups, chosen, nothing, used, (), ())
    seen = outlook(parts=chosen.parts, unit=place, day=day, with_model=not used.is_off)
    series = [part.series for part in chosen.parts]
    view = View(
        day=day,
        unit=place,
        units=tuple(units),
        groups=groups,
        chosen=chosen,
        seen=seen,
        used=used,
        learnt=tuple(Learnt(one, used.model(one)) for one in series),
        errors=tuple(own_errors(series=series, unit=place, day=day)),
    )
    return _with_office(view, place) if chosen is work else view


def _with_office(view: View, unit: Unit) -> View:
    office = office_of(unit=unit, day=view.day)
    weeks = [week.week for week in view.seen.ahead]
    return replace(
        view,
        office=office,
        capacities=tuple(office.capacities(weeks)) if office.officers else (),
        busy=tuple(office.busy(view.seen)),
        plan=proposal(
            parts=view.chosen.parts, unit=unit, day=view.day, with_model=not view.used.is_off
        ),
    )


def _work(unit: Unit | None, day: date) -> list[Part]:
    return [] if unit is None else work_of(unit=unit, day=day)


def _groups(work: Choice, day: date) -> dict[str, list[Choice]]:
    """Return the kinds by their headings."""
    rules = [Part(rule.series(CountKind.FILED), rule) for rule in dated_rules(day=day)]
    renewals = tuple(part for part in rules if part.rule and part.rule.is_renewal)
    events = [Part(one) for one in event_series(day=day)]
    return {
        _("Together"): [work, Choice(RENEWALS, _("All renewals"), renewals)],
        _("Known dates"): [
            Choice(f"due:{part.series.key}", series_word(part.series), (part,)) for part in rules
        ],
        _("Events without a date known before"): [
            Choice(f"event:{part.series.key}", series_word(part.series), (part,)) for part in events
        ],
    }
