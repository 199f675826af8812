"""Learn the forecast from our own history: an operator's act, never a timer's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from portal.reporting.enums import CountKind
from portal.reporting.forecast.features import Exposure
from portal.reporting.forecast.model import Document, SeriesModel
from portal.reporting.forecast.training import LEAST_WEEKS, Habits, TooLittleError, train
from portal.reporting.models import ForecastModel
from portal.reporting.selectors.histories import (
    expected_by_dates,
    habits_of,
    history_of,
    places,
)
from portal.reporting.selectors.series import (
    DatedRule,
    Series,
    dated_rules,
    event_series,
    other_series,
)

Progress = Callable[[str, int, int], None]
TOO_SHORT = "too_short"


def train_forecast(*, day: date, progress: Progress | None = None) -> ForecastModel:
    """Learn every series from the full weeks before `day`; keep that as the newest model.

    A series of too little history is named in the document with the reason. The model is in use at
    once, unless the one before it is switched off: then it is too. A series that did no better than
    a baseline on the held-out year is kept with its figures and not applied. ImportError where
    scikit-learn is not installed.
    """
    rules = {rule.key: rule for rule in dated_rules(day=day)}
    wanted = [rule.series(CountKind.FILED) for rule in rules.values()]
    wanted += [*event_series(day=day), other_series()]
    series: dict[str, SeriesModel] = {}
    refused: dict[str, str] = {}
    for number, one in enumerate(wanted):
        if progress:
            progress(one.name, number, len(wanted))
        try:
            series[one.name] = _learn(one, rules.get(one.key), day)
        except TooLittleError:
            refused[one.name] = TOO_SHORT
    document = Document(series, refused).to_json()
    before = ForecastModel.objects.first() or ForecastModel()
    return ForecastModel.objects.create(
        document=document,
        trained_on=day,
        is_active=before.is_active,
        stopped_by=before.stopped_by,
        stopped_at=before.stopped_at,
    )


def _learn(series: Series, rule: DatedRule | None, day: date) -> SeriesModel:
    zones = dict(places(day=day).values_list("pk", "zone"))
    history = history_of(series, day=day, units=list(zones))
    if history.length < LEAST_WEEKS:
        raise TooLittleError
    due: Exposure | None = None
    habits: Habits | None = None
    if rule is not None and series.kind == CountKind.FILED:
        habits = habits_of(rule)
        due = expected_by_dates(rule, habits, day=day, units=list(zones))
    return train(history, zones=zones, due=due, habits=habits)
