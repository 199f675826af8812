"""The clocks of data-subject requests, over Tết, weekends, make-up Saturdays and 29 February."""

from __future__ import annotations

from datetime import date

import pytest

from citizens import sla
from citizens.enums import DataRequestKind
from portal.common.calendar import WorkingCalendar

K = DataRequestKind
CALENDAR = WorkingCalendar(
    days_off=frozenset(
        {
            date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 18),
            date(2026, 2, 19), date(2026, 2, 20),  # Tết
            date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2),
        }
    ),
    working_days=frozenset({date(2026, 8, 22)}),  # a Saturday made up for 31 August
)  # fmt: skip


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 11, 23), date(2026, 11, 25)),  # Monday: Wednesday
        (date(2026, 11, 26), date(2026, 11, 30)),  # Thursday: over the weekend
        (date(2026, 11, 27), date(2026, 12, 1)),
        (date(2026, 11, 28), date(2026, 12, 2)),  # Saturday counts as Monday
        (date(2026, 11, 29), date(2026, 12, 2)),  # Sunday too
        (date(2026, 2, 12), date(2026, 2, 23)),  # the last days before Tết
        (date(2026, 2, 13), date(2026, 2, 24)),
        (date(2026, 2, 17), date(2026, 2, 25)),  # New Year's day itself: counts from the 23rd
        (date(2026, 8, 21), date(2026, 8, 24)),  # the made-up Saturday is worked on
        (date(2028, 2, 28), date(2028, 3, 1)),  # a leap year has its 29 February
        (date(2027, 2, 26), date(2027, 3, 2)),
    ],
)
def test_an_answer_is_due_in_two_working_days(received: date, due: date) -> None:
    assert sla.answer_due(received, CALENDAR) == due


@pytest.mark.parametrize(
    ("kind", "received", "due"),
    [
        (K.ACCESS, date(2026, 11, 23), date(2026, 12, 3)),
        (K.COPY, date(2026, 11, 23), date(2026, 12, 3)),
        (K.CORRECT, date(2026, 11, 25), date(2026, 12, 7)),  # the tenth day is a Saturday
        (K.RESTRICT, date(2026, 11, 23), date(2026, 12, 8)),
        (K.OBJECT, date(2026, 11, 23), date(2026, 12, 8)),
        (K.WITHDRAW, date(2026, 11, 28), date(2026, 12, 15)),  # from Monday the 30th
        (K.CORRECT, date(2026, 2, 6), date(2026, 2, 23)),  # ends on Tết's first day: after it
        (K.RESTRICT, date(2026, 2, 2), date(2026, 2, 23)),
        (K.CORRECT, date(2028, 2, 19), date(2028, 3, 2)),  # from Monday the 21st over 29 February
        (K.CORRECT, date(2027, 2, 19), date(2027, 3, 1)),
    ],
)
def test_what_was_asked_is_due_in_calendar_days(
    kind: DataRequestKind, received: date, due: date
) -> None:
    assert sla.act_due(kind, received, CALENDAR) == due


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        (K.ACCESS, date(2026, 12, 3)),
        (K.CORRECT, date(2026, 12, 3)),
        (K.RESTRICT, date(2026, 12, 14)),  # the twentieth day is a Sunday
        (K.OBJECT, date(2026, 12, 14)),
        (K.WITHDRAW, date(2026, 12, 14)),
    ],
)
def test_processors_give_more_time_only_for_what_must_be_stopped(
    kind: DataRequestKind, due: date
) -> None:
    assert sla.act_due(kind, date(2026, 11, 23), CALENDAR, has_processors=True) == due


@pytest.mark.parametrize(
    ("kind", "days", "due"),
    [
        (K.CORRECT, 1, date(2026, 12, 4)),
        (K.CORRECT, 10, date(2026, 12, 14)),  # 13 December is a Sunday
        (K.RESTRICT, 15, date(2026, 12, 18)),
    ],
)
def test_an_extension_moves_the_day_by_calendar_days(
    kind: DataRequestKind, days: int, due: date
) -> None:
    assert sla.extended(kind, date(2026, 12, 3), days, CALENDAR) == due


@pytest.mark.parametrize(("kind", "days"), [(K.CORRECT, 11), (K.RESTRICT, 16), (K.OBJECT, 0)])
def test_no_extension_beyond_the_law(kind: DataRequestKind, days: int) -> None:
    with pytest.raises(ValueError, match="extension"):
        sla.extended(kind, date(2026, 12, 3), days, CALENDAR)


def test_every_kind_has_its_limits() -> None:
    for limits in (sla.ACT_DAYS, sla.ACT_DAYS_WITH_PROCESSORS, sla.LONGEST_EXTENSION):
        assert set(limits) == set(K)
