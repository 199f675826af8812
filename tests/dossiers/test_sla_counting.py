"""The published table of due dates: received when, how long, due on which day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dossiers.sla import Limit, due_date, expected_receipt, start_day
from procedures.enums import TimeUnit
from tests.dossiers.clock_cases import (
    CAMPAIGN,
    HOUSE,
    SAME_DAY,
    YEAR_2026,
    at,
    day,
    working,
)

CASES = [
    # received, limit, due                                    the week as it is
    ("2026-11-20", working(5), "2026-11-27"),  # Friday + 5
    ("2026-11-20 00:00", working(5), "2026-11-27"),
    ("2026-11-20 23:59", working(5), "2026-11-27"),  # the hour matters to same-day limits only
    ("2026-11-23", working(1), "2026-11-24"),
    ("2026-11-23", working(2), "2026-11-25"),
    ("2026-11-23", working(3), "2026-11-26"),
    ("2026-11-23", working(7), "2026-12-02"),
    ("2026-11-23", working(8), "2026-12-03"),
    ("2026-11-23", working(10), "2026-12-07"),
    ("2026-11-21", working(5), "2026-11-30"),  # a Saturday counts as Monday
    ("2026-11-22", working(5), "2026-11-30"),  # a Sunday counts as Monday
    ("2026-11-22", working(1), "2026-11-24"),
    # the year's beginning: 2 January off, Saturday 10 January worked
    ("2025-12-31", working(1), "2026-01-05"),
    ("2026-01-01", working(1), "2026-01-06"),
    ("2026-01-02", working(5), "2026-01-10"),
    ("2026-01-05", working(5), "2026-01-10"),
    ("2026-01-06", working(5), "2026-01-12"),
    ("2026-01-09", working(1), "2026-01-10"),
    ("2026-01-10", working(1), "2026-01-12"),
    ("2026-01-10 16:00", working(5), "2026-01-16"),
    ("2026-01-11", working(1), "2026-01-13"),
    # Tết, 16 to 20 February
    ("2026-02-11", working(5), "2026-02-25"),
    ("2026-02-13", working(1), "2026-02-23"),
    ("2026-02-13", working(5), "2026-02-27"),
    ("2026-02-14", working(1), "2026-02-24"),
    ("2026-02-17", working(3), "2026-02-26"),
    # spring and autumn holidays, and the make-up Saturday of 22 August
    ("2026-04-24", working(2), "2026-04-29"),
    ("2026-04-29", working(1), "2026-05-04"),
    ("2026-04-29", working(5), "2026-05-08"),
    ("2026-08-21", working(1), "2026-08-22"),
    ("2026-08-21", working(5), "2026-08-27"),
    ("2026-08-28", working(2), "2026-09-04"),
    ("2026-12-31", working(1), "2027-01-01"),  # 2027 is not in this table: a plain week
    # same day, with the hour of 15:00
    ("2026-11-20 07:30", SAME_DAY, "2026-11-20"),
    ("2026-11-20 14:59", SAME_DAY, "2026-11-20"),
    ("2026-11-20 15:00", SAME_DAY, "2026-11-20"),
    ("2026-11-20 15:01", SAME_DAY, "2026-11-23"),  # Friday afternoon becomes Monday
    ("2026-11-19 15:01", SAME_DAY, "2026-11-20"),
    ("2026-11-21 10:00", SAME_DAY, "2026-11-23"),
    ("2026-11-21 16:00", SAME_DAY, "2026-11-23"),  # a rest day is not shifted twice
    ("2026-01-02 10:00", SAME_DAY, "2026-01-05"),
    ("2026-01-10 14:59", SAME_DAY, "2026-01-10"),
    ("2026-01-10 15:01", SAME_DAY, "2026-01-12"),
    ("2026-01-09 15:01", SAME_DAY, "2026-01-10"),
    ("2026-02-13 15:01", SAME_DAY, "2026-02-23"),
    ("2026-02-18 09:00", SAME_DAY, "2026-02-23"),
    # calendar days: a rest day at the end moves to the next working day
    ("2026-11-02", HOUSE, "2026-11-17"),
    ("2026-11-06", HOUSE, "2026-11-23"),  # the 15th day is Saturday 21 November
    ("2026-11-07", HOUSE, "2026-11-24"),  # received on Saturday: from Monday 9
    ("2026-02-02", HOUSE, "2026-02-23"),  # the 15th day is the first of the year Bính Ngọ
    ("2026-04-15", HOUSE, "2026-05-04"),  # ends on 30 April
    ("2025-12-26", HOUSE, "2026-01-10"),  # ends on the worked Saturday
    ("2026-08-17", HOUSE, "2026-09-03"),
    ("2026-11-20", Limit(20, TimeUnit.CALENDAR_DAY), "2026-12-10"),
    # a licence that must be decided by its last day
    (
        "2026-11-02",
        Limit(60, TimeUnit.CALENDAR_DAY, latest_on=day("2026-12-15")),
        "2026-12-15",
    ),
    (
        "2026-11-02",
        Limit(60, TimeUnit.CALENDAR_DAY, latest_on=day("2027-03-01")),
        "2027-01-01",
    ),
    (
        "2026-11-02",
        Limit(60, TimeUnit.CALENDAR_DAY, latest_on=day("2026-10-01")),
        "2026-11-02",  # expired before it came in: due at once, never before the start
    ),
    # no fixed time
    ("2026-11-02", CAMPAIGN, None),
    ("2026-11-02", Limit(None, TimeUnit.WORKING_DAY), None),
]


@pytest.mark.parametrize(("received", "limit", "due"), CASES)
def test_due_date(received: str, limit: Limit, due: str | None) -> None:
    expected = None if due is None else day(due)

    assert due_date(at(received), limit, YEAR_2026) == expected


@pytest.mark.parametrize(
    ("received", "start"),
    [
        ("2026-11-20 15:01", "2026-11-20"),
        ("2026-11-21 08:00", "2026-11-23"),
        ("2026-02-20 08:00", "2026-02-23"),
    ],
)
def test_the_cut_off_belongs_to_limits_that_have_one(received: str, start: str) -> None:
    assert start_day(at(received), working(5), YEAR_2026) == day(start)
    assert start_day(at(received), replace(working(5), cutoff=None), YEAR_2026) == day(start)


@pytest.mark.parametrize(
    ("submitted", "seen"),
    [
        ("2026-11-20 10:00", "2026-11-20 10:00"),
        ("2026-11-20 06:00", "2026-11-20 07:30"),
        ("2026-11-20 17:00", "2026-11-20 17:00"),
        ("2026-11-20 17:01", "2026-11-23 07:30"),  # Friday evening is Monday morning
        ("2026-11-21 10:00", "2026-11-23 07:30"),
        ("2026-01-10 10:00", "2026-01-10 10:00"),  # the worked Saturday
        ("2026-02-13 20:00", "2026-02-23 07:30"),
    ],
)
def test_when_an_office_sees_what_is_submitted(submitted: str, seen: str) -> None:
    assert expected_receipt(at(submitted), YEAR_2026) == at(seen)
