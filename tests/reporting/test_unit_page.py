"""What one unit's page tells: times, causes, the corrected share, open dossiers, the chart."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.enums import Role, UnitKind
from citizens.models import Unit
from dossiers.enums import DelayKind, DisputeState, Status
from dossiers.models import DelayCause, Dispute, Dossier, Stage
from portal.reporting.models import CountedDossier
from portal.reporting.selectors.delays import delays_of
from portal.reporting.selectors.settled import Months, Tally, tallies
from portal.reporting.selectors.unit_work import FEWEST, days_taken, open_now, spread_of
from portal.web.presenters.unit_chart import chart
from tests.factories.citizens import GrantFactory, OfficialFactory, UnitFactory, UserFactory
from tests.reporting.test_settled import settled

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOVEMBER = Months.between(date(2026, 11, 1), date(2026, 11, 1), date(2026, 11, 20))
AT = datetime(2026, 11, 13, 9, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-20T09:00:00+07:00", tick=False):
        yield


@pytest.fixture
def ward() -> Unit:
    unit: Unit = UnitFactory(kind=UnitKind.WARD, parent=None)
    return unit


def state(dossier: Dossier, kind: DelayKind, days: int, at: datetime = AT) -> None:
    DelayCause.objects.create(dossier=dossier, kind=kind, days=days, note="-", happened_at=at)


def uphold(dossier: Dossier, days: int, verdict: DisputeState = DisputeState.UPHELD) -> None:
    Dispute.objects.create(
        dossier=dossier,
        kind=DelayKind.SYSTEM,
        claimed_days=days,
        grounds="-",
        state=verdict,
        excused_days=days,
        raised_by=UserFactory(),
        raised_at=AT,
    )


@pytest.mark.parametrize(
    ("days", "half", "nine", "mean"),
    [
        ({3: 1}, 3, 3, 3.0),
        ({1: 5, 9: 5}, 1, 9, 5.0),
        ({1: 89, 2: 11}, 1, 2, 1.11),
        ({2: 96, 900: 4}, 2, 2, 2.0),
        ({0: 1, 5: 98, 100: 1}, 5, 5, 5.0),
    ],
)
def test_a_single_dossier_moves_no_spread(
    days: dict[int, int], half: int, nine: int, mean: float
) -> None:
    spread = spread_of(days)

    assert spread is not None
    assert (spread.half, spread.nine_in_ten) == (half, nine)
    assert spread.mean == pytest.approx(mean)
    assert spread.number == sum(days.values())


def test_nothing_settled_has_no_spread() -> None:
    assert spread_of({}) is None


def test_times_run_from_filing_to_settling(ward: Unit, client: Client) -> None:
    for filed, done in (("2026-11-02", "2026-11-04"), ("2026-11-02", "2026-11-12")):
        dossier = settled(ward, "2026-11-10", done)
        CountedDossier.objects.filter(pk=dossier.pk).update(filed_on=date.fromisoformat(filed))
    settled(ward, "2026-10-10", "2026-10-09")

    assert days_taken(months=NOVEMBER, unit=ward) == {2: 1, 10: 1}
    path = reverse("web:map_unit_days", args=[ward.code]) + "?period=2026-11"
    assert client.get(path).content.decode("utf-8-sig") == "days,dossiers\r\n2,1\r\n10,1\r\n"


def test_working_days_late_are_told_by_the_cause_stated_last(ward: Unit) -> None:
    late = settled(ward, "2026-11-05", "2026-11-12")  # five working days
    state(late, DelayKind.INSIDE, 5, AT - timedelta(days=1))
    state(late, DelayKind.OTHER_AGENCY, 2)
    state(late, DelayKind.SYSTEM, 9)
    settled(ward, "2026-11-10", "2026-11-12")
    settled(ward, "2026-11-10", "2026-11-10")

    delays = delays_of(months=NOVEMBER, unit=ward)

    assert delays.causes == {DelayKind.OTHER_AGENCY: 2, DelayKind.SYSTEM: 3}
    assert (delays.late, delays.days, delays.unstated) == (2, 7, 2)


def test_what_is_overdue_is_late_until_the_day_of_looking(ward: Unit) -> None:
    settled(ward, "2026-11-17", None, status=Status.PROCESSING)

    assert delays_of(months=NOVEMBER, unit=ward).days == 3


@pytest.mark.parametrize(
    ("days", "verdict", "excused"),
    [
        (2, DisputeState.UPHELD, 1),
        (1, DisputeState.UPHELD, 0),
        (2, DisputeState.REJECTED, 0),
        (2, DisputeState.OPEN, 0),
    ],
)
def test_who_is_excused_for_all_days_counts_as_in_time(
    ward: Unit, days: int, verdict: DisputeState, excused: int
) -> None:
    uphold(settled(ward, "2026-11-10", "2026-11-12"), days, verdict)
    settled(ward, "2026-11-10", "2026-11-10")

    delays = delays_of(months=NOVEMBER, unit=ward)

    tally = tallies(months=NOVEMBER, unit=ward.pk)[ward.pk]
    assert (tally.in_time, tally.counted) == (1, 2)
    assert delays.corrected(tally) == 1 + excused


def test_other_units_and_months_are_left_out(ward: Unit) -> None:
    uphold(settled(UnitFactory(), "2026-11-10", "2026-11-12"), 2)
    settled(ward, "2026-10-10", "2026-10-12")

    delays = delays_of(months=NOVEMBER, unit=ward)

    assert (delays.late, delays.days, delays.excused) == (0, 0, 0)


def test_a_step_is_named_where_enough_dossiers_are_in_it(ward: Unit) -> None:
    for number in range(FEWEST + 1):
        dossier = settled(ward, "2026-11-30", None, status=Status.PROCESSING)
        name = "Thẩm định" if number else "Đo đạc"
        Stage.objects.create(
            dossier=dossier, position=1, name_vi=name, agency=dossier.competent, entered_at=AT
        )
    settled(ward, "2026-11-30", None, status=Status.RECEIVED)

    assert open_now(unit=ward) == [
        (Status.PROCESSING, "Thẩm định", FEWEST),
        (Status.RECEIVED, "", 1),
        (Status.PROCESSING, "", 1),
    ]


def test_a_chart_has_a_bar_for_each_month_of_equal_scale() -> None:
    months = Months.between(date(2026, 9, 1), date(2026, 11, 1), date(2026, 11, 20))
    trend = {date(2026, 9, 1): Tally(early=6, late=4), date(2026, 11, 1): Tally(on_time=5)}

    drawn = chart(trend, months)

    assert drawn is not None
    september, october, november = drawn.bars
    assert september.time_height == pytest.approx(1.5 * september.late_height)
    assert september.late_y + september.late_height == pytest.approx(september.time_y)
    assert november.time_height == pytest.approx(
        (september.time_height + september.late_height) / 2
    )
    assert october.time_height == october.late_height == 0
    assert [one.short for one in drawn.bars] == ["60", "", "100"]
    assert drawn.most == 10


def test_a_year_of_nothing_has_no_chart() -> None:
    assert chart({}, NOVEMBER) is None


def test_the_page_shows_who_leads_and_both_shares(ward: Unit, client: Client) -> None:
    late = settled(ward, "2026-11-10", "2026-11-12")
    settled(ward, "2026-11-10", "2026-11-10")
    uphold(late, 2)
    state(late, DelayKind.SYSTEM, 2)
    head = OfficialFactory(agency=late.competent, position="Chủ tịch UBND")
    GrantFactory(official=head, role=Role.HEAD_OF_UNIT, unit=ward)

    page = client.get(reverse("web:map_unit", args=[ward.code]) + "?period=2026-11")

    text = page.content.decode()
    for told in ("50,00\u00a0%", "100,00\u00a0%", "Chủ tịch UBND", head.user.display_name):
        assert told in text
    assert "url(#hatched)" in text
