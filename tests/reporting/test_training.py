"""The model on simulated histories: its interval, its verdict, and when it is not used."""

from __future__ import annotations

from datetime import date

import pytest

from portal.reporting.enums import Basis
from portal.reporting.forecast.baseline import baseline
from portal.reporting.forecast.expecting import expect
from portal.reporting.forecast.features import NAMES, Exposure, exposure
from portal.reporting.forecast.history import History
from portal.reporting.forecast.model import Document, SeriesModel
from portal.reporting.forecast.simulating import Shape, simulate
from portal.reporting.forecast.training import LEAST_WEEKS, Habits, TooLittleError, train

pytest.importorskip("sklearn")

FIRST = date(2022, 11, 21)
WEEKS = 208
SIZES = {unit: 4.0 * (0.5 + unit % 5) for unit in range(30)}
ZONES = {unit: ("urban", "rural", "disadvantaged")[unit % 3] for unit in SIZES}


def past(weeks: int = WEEKS, *, shape: Shape | None = None, seed: str = "past") -> History:
    return simulate(SIZES, first=FIRST, weeks=weeks, shape=shape or Shape(), seed=seed)


@pytest.fixture(scope="module")
def model() -> SeriesModel:
    return train(past(), zones=ZONES)


def test_the_interval_holds_what_it_promises_on_the_held_out_year(model: SeriesModel) -> None:
    assert 0.77 <= (model.figures.coverage or 0) <= 0.92  # counts are whole: a little above 80 %
    assert 0.65 <= (model.figures.city_coverage or 0) <= 0.95


def test_the_interval_holds_for_years_that_come(model: SeriesModel) -> None:
    """Fresh chance, the same world: the next year, which no model has seen."""
    long = past(WEEKS + 52)

    expectation = expect(model, long.until(WEEKS), zones=ZONES)

    assert expectation is not None
    assert expectation.basis is Basis.MODEL
    inside = [
        low <= long.counts[unit][WEEKS + ahead] <= high
        for unit in SIZES
        for ahead, (low, high) in enumerate(expectation.intervals([unit]))
    ]
    assert 0.76 <= sum(inside) / len(inside) <= 0.92


def test_a_world_with_seasons_is_foretold_better_than_by_the_baselines(model: SeriesModel) -> None:
    assert model.is_better
    for figures in model.baselines.values():
        assert model.figures.rmse < figures.rmse
        assert model.figures.city_mae < figures.city_mae


def test_tet_is_learnt(model: SeriesModel) -> None:
    weights = dict(zip(NAMES, model.coefficients, strict=True))

    assert weights["tet_week"] < -0.5


def test_the_same_history_gives_the_same_model(model: SeriesModel) -> None:
    assert train(past(), zones=ZONES) == model


def test_the_document_reads_back(model: SeriesModel) -> None:
    document = Document({"event:moved": model}, {"event:marriage": "too_short"})

    assert Document.from_json(document.to_json()) == document


@pytest.mark.parametrize("change", [{"format": 2}, {"series": {"a": {"coefficients": {}}}}])
def test_a_document_of_other_features_is_refused(
    model: SeriesModel, change: dict[str, object]
) -> None:
    raw = Document({}, {}).to_json() | change

    with pytest.raises(ValueError, match="document"):
        Document.from_json(raw)


def test_a_world_that_broke_is_left_to_the_baseline() -> None:
    """In the held-out year the level is a fifth of what it was, but for its first weeks."""
    before = past(156, shape=Shape(season=0.0, tet=1.0))
    broken = {
        unit: (*counts, *(max(count // 5, 0) for count in counts[-104:-52]))
        for unit, counts in before.counts.items()
    }
    history = History(FIRST, 208, broken)

    model = train(history, zones=ZONES)
    worse = _with_error(model, 1e6)
    expectation = expect(worse, history, zones=ZONES)

    assert not worse.is_better
    assert expectation is not None
    assert expectation.basis is worse.best_baseline


def _with_error(model: SeriesModel, rmse: float) -> SeriesModel:
    raw = model.to_json()
    raw["figures"]["rmse"] = rmse
    return SeriesModel.from_json(raw)


@pytest.mark.parametrize(
    ("weeks", "basis"),
    [(0, None), (7, None), (8, Basis.LAST_WEEKS), (51, Basis.LAST_WEEKS), (52, Basis.LAST_YEAR)],
)
def test_without_a_model_the_history_decides(weeks: int, basis: Basis | None) -> None:
    expectation = expect(None, past(weeks), zones=ZONES)

    assert (expectation.basis if expectation else None) is basis


def test_a_history_too_short_is_not_learnt_from() -> None:
    with pytest.raises(TooLittleError):
        train(past(LEAST_WEEKS - 1), zones=ZONES)


def test_a_model_is_not_applied_to_a_history_too_short_for_its_lags(model: SeriesModel) -> None:
    expectation = expect(model, past(52), zones=ZONES)

    assert expectation is not None
    assert expectation.basis is model.best_baseline


@pytest.mark.parametrize(("ahead", "expected"), [(1, 1.0), (52, 52.0)])
def test_the_baseline_of_last_year_takes_the_same_week(ahead: int, expected: float) -> None:
    counts = (0, *range(1, 53))

    assert baseline(counts, ahead, Basis.LAST_YEAR) == expected


def test_filed_dossiers_follow_the_due_dates() -> None:
    """Units get very different due dates; people file four weeks before, six in ten of them."""
    due_counts = {
        unit: tuple(
            (17 * unit + 5 * week) % 40 if week % 9 == unit % 9 else 2 for week in range(280)
        )
        for unit in SIZES
    }
    due = History(FIRST, 280, due_counts)
    known = exposure(due, (1.0,), 4)
    share = dict.fromkeys(SIZES, 0.6)
    shape = Shape(season=0.0, trend=0.0)
    filed = simulate(share, first=FIRST, weeks=WEEKS, shape=shape, seed="filed", due=known)

    model = train(filed, zones=ZONES, due=known, habits=Habits((1.0,), 4))

    assert model.is_better
    assert model.figures.rmse < 0.7 * model.baselines[Basis.LAST_WEEKS].rmse
    assert 0.5 < model.share < 0.65


def test_known_dates_alone_mean_that_everybody_acts() -> None:
    due = Exposure(FIRST, {1: (0.0, 5.0, 2.5)})

    expectation = expect(None, History(FIRST, 0, {1: ()}), zones={1: "rural"}, due=due)

    assert expectation is not None
    assert expectation.basis is Basis.KNOWN
    assert expectation.means[1][:4] == (0.0, 5.0, 2.5, 0.0)


def test_an_exposure_spreads_a_due_week_over_people_s_habits() -> None:
    due = History(FIRST, 6, {1: (0, 0, 0, 10, 0, 0)})

    found = exposure(due, (0.1, 0.2, 0.3, 0.4), 2)

    assert found.amounts[1] == (0.0, 1.0, 2.0, 3.0, 4.0, 0.0)
