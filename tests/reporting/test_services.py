"""Training, switching, keeping what was foretold, and the error that is shown later."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.management import CommandError, call_command

from citizens.enums import Role, UnitKind, ZoneKind
from citizens.models import Unit
from portal.reporting.enums import OTHER, Basis, CountKind
from portal.reporting.forecast.history import History
from portal.reporting.forecast.simulating import Shape, simulate
from portal.reporting.forecast.weeks import WEEK
from portal.reporting.models import ForecastModel, ForecastSnapshot, WeekCount
from portal.reporting.selectors.errors import own_errors
from portal.reporting.selectors.forecasts import model_in_use
from portal.reporting.selectors.offices import office_of, work_of
from portal.reporting.selectors.outlook import Part, outlook
from portal.reporting.selectors.proposals import proposal
from portal.reporting.selectors.series import Series, dated_rules, event_series
from portal.reporting.services.count_week_once import count_week_once
from portal.reporting.services.keep_snapshots import keep_snapshots
from portal.reporting.services.switch_forecast import switch_forecast
from portal.reporting.services.train_forecast import train_forecast
from portal.reporting.tasks import count_this_week
from tests.factories.citizens import (
    AgencyFactory,
    CitizenFactory,
    CredentialFactory,
    GrantFactory,
    OfficialFactory,
    UnitFactory,
)
from tests.factories.procedures import ProcedureVersionFactory, RuleVersionFactory, moment

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 26)
MONDAY = date(2026, 11, 23)
WEEKS = 170
BIRTHS = "birth_notified"
LICENCE = "driving_licence_renewal"


@pytest.fixture
def city() -> Unit:
    made: Unit = UnitFactory(province=True, zone=ZoneKind.URBAN)
    return made


@pytest.fixture
def communes(city: Unit) -> list[Unit]:
    return [UnitFactory(parent=city) for _ in range(4)]


def remember(history: History, kind: CountKind = CountKind.EVENT, key: str = BIRTHS) -> None:
    WeekCount.objects.bulk_create(
        WeekCount(kind=kind, key=key, unit_id=unit, week=history.first + at * WEEK,
                  count=count, counted_on=DAY)
        for unit, counts in history.counts.items()
        for at, count in enumerate(counts)
        if count
    )  # fmt: skip


def make_due(unit: Unit, week: date, count: int) -> None:
    WeekCount.objects.create(
        kind=CountKind.DUE,
        key=LICENCE,
        unit=unit,
        week=week,
        count=count,
        most=count,
        counted_on=DAY,
    )


def a_past(communes: list[Unit], weeks: int = WEEKS) -> History:
    sizes = {unit.pk: 3.0 + number for number, unit in enumerate(communes)}
    first = MONDAY - weeks * WEEK
    history = simulate(sizes, first=first, weeks=weeks, shape=Shape(), seed="births")
    remember(history)
    return history


def births() -> Series:
    return next(one for one in event_series(day=DAY) if one.key == BIRTHS)


@pytest.fixture
def trained(communes: list[Unit]) -> ForecastModel:
    pytest.importorskip("sklearn")
    a_past(communes)
    return train_forecast(day=DAY)


def test_a_series_is_learnt_and_its_figures_are_kept(trained: ForecastModel) -> None:
    model = model_in_use().model(births())

    assert model is not None
    assert model.is_better
    assert model.held_out_from == MONDAY - 52 * WEEK
    assert trained.document["refused"]["event:moved"] == "too_short"


def test_what_is_expected_is_kept_for_each_unit_and_the_city(
    trained: ForecastModel, city: Unit, communes: list[Unit]
) -> None:
    keep_snapshots(day=DAY)

    rows = ForecastSnapshot.objects.filter(key=BIRTHS)
    assert {row.unit_id for row in rows} == {city.pk, *(unit.pk for unit in communes)}
    assert {row.basis for row in rows} == {Basis.MODEL}
    below = [row.expected[0] for row in rows if row.unit_id != city.pk]
    whole = rows.get(unit=city)
    assert whole.expected[0] == pytest.approx(sum(below), abs=0.01)
    assert whole.first_week == MONDAY


def test_keeping_twice_on_a_day_keeps_once(trained: ForecastModel) -> None:
    first = keep_snapshots(day=DAY)

    assert keep_snapshots(day=DAY) == first == ForecastSnapshot.objects.count()


def test_switched_off_nothing_is_expected_and_nothing_is_kept(
    trained: ForecastModel, city: Unit
) -> None:
    keep_snapshots(day=DAY)

    assert switch_forecast(is_on=False, actor=None)

    assert model_in_use().is_off
    assert keep_snapshots(day=DAY + WEEK) == 0
    seen = outlook(parts=[Part(births())], unit=city, day=DAY, with_model=False)
    assert {week.expected for week in seen.ahead} == {None}
    assert not switch_forecast(is_on=False, actor=None)
    assert switch_forecast(is_on=True, actor=None)
    assert keep_snapshots(day=DAY + WEEK) > 0


def test_a_model_no_better_than_the_baseline_is_not_used(
    trained: ForecastModel, communes: list[Unit]
) -> None:
    trained.document["series"]["event:birth_notified"]["figures"]["rmse"] = 1_000.0
    trained.save()

    keep_snapshots(day=DAY)

    bases = set(ForecastSnapshot.objects.filter(key=BIRTHS).values_list("basis", flat=True))
    assert bases <= {Basis.LAST_YEAR, Basis.LAST_WEEKS}
    assert bases


def test_a_model_of_other_features_counts_as_none(trained: ForecastModel) -> None:
    ForecastModel.objects.update(document={"format": 99})

    used = model_in_use()

    assert used.document is None
    assert used.model(births()) is None


def test_the_history_too_short_for_a_model_is_told_by_the_command(communes: list[Unit]) -> None:
    pytest.importorskip("sklearn")
    a_past(communes, weeks=20)

    with time_machine.travel(moment(DAY)), pytest.raises(CommandError, match="three years"):
        call_command("train_forecast", verbosity=0)

    assert set(ForecastSnapshot.objects.values_list("basis", flat=True)) == {Basis.LAST_WEEKS}


def test_the_command_switches(trained: ForecastModel) -> None:
    call_command("train_forecast", "--off")

    assert model_in_use().is_off


def test_a_model_trained_while_it_is_switched_off_stays_off(communes: list[Unit]) -> None:
    pytest.importorskip("sklearn")
    stopped = ForecastModel.objects.create(
        document={"series": {}, "refused": {}},
        trained_on=DAY,
        is_active=False,
        stopped_at=moment(DAY),
    )

    learnt = train_forecast(day=DAY)

    assert (learnt.is_active, learnt.stopped_at) == (False, stopped.stopped_at)


def test_the_bell_counts_once_a_week(communes: list[Unit]) -> None:
    a_past(communes, weeks=20)

    with time_machine.travel(moment(DAY)):
        count_this_week()
        ForecastSnapshot.objects.all().delete()
        count_this_week()
    assert not ForecastSnapshot.objects.exists()

    with time_machine.travel(moment(DAY + WEEK)):
        count_this_week()
    assert ForecastSnapshot.objects.exists()


def test_a_week_whose_counting_broke_off_is_counted_again(communes: list[Unit]) -> None:
    a_past(communes, weeks=20)
    WeekCount.objects.create(
        kind=CountKind.DUE, key=LICENCE, unit=communes[0], week=MONDAY, count=1, counted_on=DAY
    )

    assert count_week_once(day=DAY)
    assert ForecastSnapshot.objects.filter(made_on=DAY).exists()
    assert not count_week_once(day=MONDAY + WEEK - date.resolution)


def test_forecasts_older_than_two_years_go(trained: ForecastModel) -> None:
    keep_snapshots(day=DAY - 105 * WEEK)
    keep_snapshots(day=DAY)

    assert set(ForecastSnapshot.objects.values_list("made_on", flat=True)) == {DAY}


def test_forecasts_are_held_against_what_happened(
    trained: ForecastModel, city: Unit, communes: list[Unit]
) -> None:
    keep_snapshots(day=DAY)
    assert own_errors(series=[births()], unit=city, day=DAY) == []
    for ahead, counts in enumerate([(1, 2, 3, 4), (0, 0, 0, 0)]):
        week = MONDAY + ahead * WEEK
        remember(History(week, 1, {u.pk: (n,) for u, n in zip(communes, counts, strict=True)}))

    found = own_errors(series=[births()], unit=city, day=DAY + 2 * WEEK)

    assert [one.ahead for one in found] == [0]
    assert [past.happened for past in found[0].weeks] == [10, 0]
    expected = ForecastSnapshot.objects.get(unit=city, key=BIRTHS).expected
    assert found[0].mae == pytest.approx((abs(10 - expected[0]) + expected[1]) / 2)
    assert found[0].inside == sum(past.is_inside for past in found[0].weeks)


def test_a_week_is_held_against_the_last_forecast_made_for_it(
    trained: ForecastModel, city: Unit
) -> None:
    keep_snapshots(day=DAY)
    keep_snapshots(day=DAY + WEEK)

    found = own_errors(series=[births()], unit=city, day=DAY + 2 * WEEK)

    assert [past.made_on for past in found[0].weeks] == [DAY, DAY + WEEK]


def test_a_week_is_held_against_what_was_foretold_a_quarter_before(
    trained: ForecastModel, city: Unit
) -> None:
    for ago in (17, 13, 4, 0):
        keep_snapshots(day=DAY - ago * WEEK)

    found = own_errors(series=[births()], unit=city, day=DAY + WEEK)

    of_this_week = {one.ahead: one.weeks[-1] for one in found}
    assert {past.week for past in of_this_week.values()} == {MONDAY}
    assert {ahead: past.made_on for ahead, past in of_this_week.items()} == {
        0: DAY,
        4: DAY - 4 * WEEK,
        13: DAY - 13 * WEEK,
    }


@pytest.mark.parametrize(
    ("changes", "officers"),
    [
        ({}, 1),
        ({"confirmed_by": None}, 0),
        ({"role": Role.RECEPTIONIST}, 0),
    ],
)
def test_case_officers_are_counted_where_they_work(
    communes: list[Unit], changes: dict[str, object], officers: int
) -> None:
    agency = AgencyFactory(kind__key="ubnd_xa", unit=communes[0])
    official = OfficialFactory(agency=agency)
    grant = {"official": official, "role": Role.CASE_OFFICER, "unit": communes[0]}
    GrantFactory(**(grant | changes))

    assert office_of(unit=communes[0], day=DAY).officers == officers
    assert office_of(unit=communes[1], day=DAY).officers == 0


def test_work_is_the_province_s_where_the_law_says_so(city: Unit, communes: list[Unit]) -> None:
    for key in (LICENCE, "identity_card_replace_at_age"):
        RuleVersionFactory(rule__key=key)
        ProcedureVersionFactory(procedure__key=key)

    above = {part.series.key for part in work_of(unit=city, day=DAY)}
    below = {part.series.key for part in work_of(unit=communes[0], day=DAY)}

    assert UnitKind(city.kind) is UnitKind.PROVINCE
    assert LICENCE in above - below
    assert "identity_card_replace_at_age" in below - above
    assert OTHER in above & below


def test_what_other_dossiers_communes_decide_is_not_the_province_s(
    city: Unit, communes: list[Unit]
) -> None:
    for unit, count in ((city, 3), (communes[0], 50)):
        week = MONDAY - WEEK
        remember(History(week, 1, {unit.pk: (count,)}), CountKind.FILED, OTHER)

    seen = outlook(parts=work_of(unit=city, day=DAY), unit=city, day=DAY, with_model=True)

    assert seen.past[-1].happened == 3


def test_a_crowd_of_renewals_is_invited_over_the_weeks_before(
    city: Unit, communes: list[Unit]
) -> None:
    RuleVersionFactory(rule__key=LICENCE)
    ProcedureVersionFactory(procedure__key=LICENCE)
    make_due(communes[0], MONDAY + 40 * WEEK, 120)
    parts = [Part(rule.series(CountKind.FILED), rule) for rule in dated_rules(day=DAY)]

    found = proposal(parts=parts, unit=city, day=DAY, with_model=True)

    assert found is not None
    assert found.helps
    assert found.plan.peak_before == 120
    assert found.plan.peak_after < 20
    assert found.shares[0].moved > 90
    assert found.shares[0].daily_quota <= 2


def test_without_renewals_there_is_nothing_to_propose(city: Unit) -> None:
    assert proposal(parts=[Part(births())], unit=city, day=DAY, with_model=True) is None


def test_due_and_expected_stand_side_by_side(city: Unit, communes: list[Unit]) -> None:
    """Without habits known, everybody is taken to file, between first invitation and last day."""
    RuleVersionFactory(rule__key=LICENCE)
    ProcedureVersionFactory(procedure__key=LICENCE)
    make_due(communes[1], MONDAY + 20 * WEEK, 13)
    CredentialFactory(holder=CitizenFactory(unit=communes[1]))
    keep_snapshots(day=DAY)
    rule = dated_rules(day=DAY)[0]

    seen = outlook(
        parts=[Part(rule.series(CountKind.FILED), rule)], unit=city, day=DAY, with_model=True
    )

    assert seen.bases == {Basis.KNOWN}
    assert seen.ahead[20].due == 13
    assert sum(week.expected or 0 for week in seen.ahead) == pytest.approx(13, abs=0.1)
    assert seen.ahead[21].expected == 0
