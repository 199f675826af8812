"""Which dates a rule looks at, as tables."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from procedures.definition import RuleDefinition
from procedures.detection.windows import (
    DueWindow,
    birth_window,
    due_window,
    last_days_before,
)
from procedures.rules import milestone_on
from tests.procedures.detection.scene import BADGE, CARD, LICENCE, MEDICAL

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("definition", "first", "last"),
    [
        pytest.param(LICENCE, -30, 90, id="recommended, 30 days of grace"),
        pytest.param(LICENCE | {"grace_days": 0}, 0, 90, id="recommended, none"),
        pytest.param(MEDICAL, 60, 120, id="no later than 60 days before"),
        pytest.param(MEDICAL | {"grace_days": 10}, 50, 120, id="no later than, 10 of grace"),
        pytest.param(BADGE, 0, 15, id="only within 15 days"),
        pytest.param(CARD | {"grace_days": 365}, -365, 60, id="a birthday, a year of grace"),
    ],
)
def test_due_dates_that_a_rule_looks_at(
    definition: dict[str, object], first: int, last: int
) -> None:
    rule = RuleDefinition.from_json(definition)

    window = due_window(rule, DAY)

    assert window == DueWindow(DAY + timedelta(days=first), DAY + timedelta(days=last))
    assert last_days_before(rule) == first


@pytest.mark.parametrize(
    ("age", "first", "last", "births"),
    [
        (14, date(2026, 11, 22), date(2027, 1, 21), (date(2012, 11, 22), date(2013, 1, 21))),
        # 29 February has its birthday on the 28th in other years, and on the 29th in leap years.
        (25, date(2025, 2, 28), date(2025, 2, 28), (date(2000, 2, 28), date(2000, 2, 29))),
        (25, date(2025, 3, 1), date(2025, 3, 1), (date(2000, 3, 1), date(2000, 3, 1))),
        (40, date(2028, 2, 28), date(2028, 2, 28), (date(1988, 2, 28), date(1988, 2, 28))),
        (40, date(2028, 2, 29), date(2028, 2, 29), (date(1988, 2, 29), date(1988, 2, 29))),
        (25, date(2028, 2, 28), date(2028, 2, 29), (date(2003, 2, 28), date(2003, 2, 28))),
    ],
)
def test_birth_dates_with_a_birthday_in_a_window(
    age: int, first: date, last: date, births: tuple[date, date]
) -> None:
    assert birth_window(age, DueWindow(first, last)) == DueWindow(*births)


def test_nobody_of_whose_birthday_only_the_29th_of_february_is_left() -> None:
    window = birth_window(25, DueWindow(date(2028, 2, 29), date(2028, 2, 29)))

    assert window.first > window.last


@pytest.mark.parametrize("age", [14, 25, 40, 60])
@pytest.mark.parametrize("year", [2027, 2028, 2100])
def test_birth_dates_agree_with_the_birthday_of_each_of_them(age: int, year: int) -> None:
    first, last = date(year, 2, 20), date(year, 3, 5)

    births = birth_window(age, DueWindow(first, last))

    day = date(year - age, 2, 1)
    while day < date(year - age, 4, 1):
        assert (births.first <= day <= births.last) == (first <= milestone_on(day, age) <= last)
        day += timedelta(days=1)
