"""Spreading never leaves the law's window and never raises the peak."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reporting.forecast.capacity import busy_weeks, week_capacity
from portal.reporting.forecast.spreading import (
    MOST_EARLY_DAYS,
    Cohort,
    invitation_weeks,
    spread,
)
from portal.reporting.forecast.weeks import WEEK, monday, weeks_to_tet, working_days

WEEKS = 20
FIRST = date(2026, 11, 23)
DUE = date(2027, 6, 1)


@st.composite
def cohorts(draw: st.DrawFn) -> list[Cohort]:
    made = []
    for number in range(draw(st.integers(0, 12))):
        usual = draw(st.integers(0, WEEKS - 1))
        earliest = draw(st.integers(0, usual))
        made.append(Cohort(f"rule{number % 3}", DUE, draw(st.integers(0, 300)), earliest, usual))
    return made


BASE = st.lists(st.floats(0, 200), min_size=WEEKS, max_size=WEEKS)


@given(BASE, cohorts())
def test_the_peak_is_never_raised_and_nobody_is_lost(
    base: list[float], found: list[Cohort]
) -> None:
    plan = spread(base, found)

    assert plan.peak_after <= plan.peak_before + 1e-6
    assert sum(plan.after) == pytest.approx(sum(plan.before))
    for cohort, shares in zip(plan.cohorts, plan.shares, strict=True):
        assert sum(shares) == cohort.count
        assert min(shares) >= 0
        assert len(shares) == cohort.usual - cohort.earliest + 1  # each week lies in the window


@given(
    due=st.dates(date(2026, 12, 1), date(2028, 12, 1)),
    lead=st.integers(0, 200),
    opens=st.none() | st.integers(1, 120),
    closes=st.none() | st.integers(0, 90),
)
def test_no_week_of_invitation_lies_outside_the_law(
    due: date, lead: int, opens: int | None, closes: int | None
) -> None:
    if opens is not None and closes is not None and opens < closes:
        return
    not_before = None if opens is None else due - timedelta(days=opens)
    not_after = None if closes is None else due - timedelta(days=closes)

    weeks = invitation_weeks(
        due=due, lead_days=lead, first=FIRST, not_before=not_before, not_after=not_after
    )

    if weeks is None:
        return
    earliest, usual = weeks
    assert 0 <= earliest <= usual
    for number in range(earliest, usual):  # weeks that the plan may add
        begin = FIRST + number * WEEK
        assert not_before is None or begin >= not_before
        assert begin >= due - timedelta(days=max(MOST_EARLY_DAYS, lead))
        assert not_after is None or begin <= not_after


@pytest.mark.parametrize(
    ("base", "count", "earliest", "usual", "after"),
    [
        ([0, 0, 0, 0], 8, 0, 3, (2, 2, 2, 2)),
        ([0, 0, 0, 0], 8, 2, 3, (0, 0, 4, 4)),
        ([6, 0, 2, 0], 4, 0, 3, (6, 2, 2, 2)),
        ([0, 0, 0, 9], 0, 0, 3, (0, 0, 0, 9)),
        ([0, 0, 0, 5], 1, 3, 3, (0, 0, 0, 6)),  # nothing may move
    ],
)
def test_water_finds_its_level(
    base: list[float], count: int, earliest: int, usual: int, after: tuple[float, ...]
) -> None:
    plan = spread(base, [Cohort("a", DUE, count, earliest, usual)])

    assert plan.after == after


def test_of_two_cohorts_the_freer_one_makes_way() -> None:
    bound, free = Cohort("a", DUE, 6, 2, 2), Cohort("b", DUE, 6, 0, 2)

    plan = spread([0, 0, 0], [bound, free])

    assert list(plan.after) == [3, 3, 6]
    assert plan.moved == 6
    assert plan.daily_quota("a") == 1
    assert plan.invited("b", 3) == [3, 3, 0]


@pytest.mark.parametrize(
    ("zone", "a_year"), [("urban", 1_600), ("rural", 1_200), ("disadvantaged", 800)]
)
def test_a_year_of_weeks_is_the_programme_s_measure(zone: str, a_year: int) -> None:
    first = monday(date(2027, 1, 4))
    weeks = [first + n * WEEK for n in range(52)]

    total = sum(week_capacity(officers=1, zone=zone, week=week) for week in weeks)

    assert total == pytest.approx(a_year, rel=0.02)


def test_nothing_is_decided_in_the_week_of_tet() -> None:
    assert week_capacity(officers=9, zone="urban", week=date(2024, 2, 12)) < 9 * 1_600 / 52 / 2


def test_weeks_over_capacity_are_named_in_runs() -> None:
    runs = busy_weeks(FIRST, [5, 12, 13, 5, 11], [10] * 5)

    assert [(run.first, run.last, run.excess) for run in runs] == [
        (FIRST + WEEK, FIRST + 2 * WEEK, 5),
        (FIRST + 4 * WEEK, FIRST + 4 * WEEK, 1),
    ]


@pytest.mark.parametrize(
    ("week", "distance"),
    [
        (date(2027, 2, 1), 0),  # Tết: 6 February 2027
        (date(2027, 1, 25), -1),
        (date(2027, 2, 8), 1),
        (date(2026, 2, 16), 0),
        (date(2026, 12, 28), -5),
    ],
)
def test_tet_moves_with_the_moon(week: date, distance: int) -> None:
    assert weeks_to_tet(week) == distance


@pytest.mark.parametrize(
    ("week", "days"),
    [(date(2026, 11, 9), 5), (date(2026, 2, 16), 0), (date(2026, 4, 27), 2)],
)
def test_days_off_are_the_statutory_ones(week: date, days: int) -> None:
    assert working_days(week) == days
