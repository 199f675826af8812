"""Expectations of every series: by the model in use, else by a baseline, else by dates alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from citizens.models import Unit
from portal.reporting.enums import CountKind
from portal.reporting.forecast.expecting import Expectation, expect
from portal.reporting.forecast.model import Document, SeriesModel
from portal.reporting.forecast.training import Habits
from portal.reporting.models import ForecastModel
from portal.reporting.selectors.histories import expected_by_dates, history_of, places, usual_habits
from portal.reporting.selectors.series import (
    DatedRule,
    Series,
    dated_rules,
    event_series,
    other_series,
)


@dataclass(frozen=True, slots=True)
class InUse:
    """The model that pages apply; `is_off` says that somebody switched it off."""

    row: ForecastModel | None
    document: Document | None

    @property
    def is_off(self) -> bool:
        """Whether known dates only are to be shown."""
        return self.row is not None and not self.row.is_active

    def model(self, series: Series) -> SeriesModel | None:
        """Return what was learnt of a series, good or not."""
        return self.document.series.get(series.name) if self.document else None


def model_in_use() -> InUse:
    """Return the newest model; one made for other features counts as none."""
    row = ForecastModel.objects.first()
    if row is None:
        return InUse(None, None)
    try:
        return InUse(row, Document.from_json(row.document))
    except (KeyError, TypeError, ValueError):
        return InUse(row, None)


@dataclass(frozen=True, slots=True)
class Foretold:
    """A series with what is expected of it; None where nothing can be said."""

    series: Series
    expectation: Expectation | None


def foretell(*, day: date) -> Iterator[Foretold]:
    """Work out, series by series, what the 52 weeks from that of `day` on will bring.

    For all communes, and for dossiers of no rule for all units. This takes seconds: pages read the
    snapshots that are kept of it.
    """
    used = model_in_use()
    here = list(places(day=day))
    zones = {unit.pk: unit.zone for unit in here}
    for rule in dated_rules(day=day):
        yield _filed(rule, used, zones, day)
    for series in event_series(day=day):
        yield _plain(series, used, zones, day)
    everywhere: Any = Unit.objects.valid_on(day).values_list("pk", "zone")
    yield _plain(other_series(), used, dict(everywhere), day)


def _filed(rule: DatedRule, used: InUse, zones: dict[int, str], day: date) -> Foretold:
    series = rule.series(CountKind.FILED)
    model = used.model(series)
    habits = usual_habits(rule)
    if model is not None and model.is_better:
        habits = Habits(model.profile, model.earliest)
    due = expected_by_dates(rule, habits, day=day, units=list(zones))
    history = history_of(series, day=day, units=list(zones))
    return Foretold(series, expect(model, history, zones=zones, due=due))


def _plain(series: Series, used: InUse, zones: dict[int, str], day: date) -> Foretold:
    history = history_of(series, day=day, units=list(zones))
    return Foretold(series, expect(used.model(series), history, zones=zones))
