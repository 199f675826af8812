"""The published table holds, an independent count agrees with it, and the docs show it as it is."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from citizens.selectors import working_calendar
from citizens.services import load_calendar
from dossiers.enums import ClockEventKind
from dossiers.sla import replay
from procedures.enums import TimeUnit
from tests.dossiers import published_cases
from tests.dossiers.published_cases import CALENDAR, Case, published

CASES = list(published())
# Asked for by the issue, by the words that the table uses for them.
WANTED = (
    "14:59", "15:00", "15:01", "Friday", "Tết 2026", "Tết 2027", "2026-01-02", "2026-01-10",
    "four supplements", "extend", "payment", "calendar", "same day", "wait", "2028-02-29", "by 20",
    "the last day of 2026",
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.shows)
def test_the_ledger_gives_the_published_date(case: Case) -> None:
    due_on = replay(case.entries(), case.terms(), CALENDAR).due_on

    assert str(due_on).lower() == case.due


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.shows)
def test_counting_day_by_day_agrees(case: Case) -> None:
    if "calendar 20" in case.ledger or case.due == "none":
        assert case.entries()  # a decision sets the date: there is nothing to count
        return

    assert str(counted(case)) == case.due


def counted(case: Case) -> date:
    """Walk from day to day: a due day is had when all that is owed was worked off.

    Nothing of the portal's own counting is used but the table of days off.
    """
    owed, first = _owed(case)
    current = first
    while owed > 0:
        current += timedelta(days=1)
        owed -= _works(current)
    return current


def _owed(case: Case) -> tuple[int, date]:
    """Return the working days owed after the plain end, and that plain end."""
    start, limit = case.entries()[0], case.terms()
    day = start.at.date()
    is_after = limit.unit is TimeUnit.SAME_DAY and start.at.time() > time(15)
    if is_after or not _works(day):
        day = _next(day)
    end = day
    if limit.unit is TimeUnit.CALENDAR_DAY:
        end = day + timedelta(days=limit.days or 0)
        while not _works(end):
            end += timedelta(days=1)
    else:
        for _ in range(limit.days or 0):
            end = _next(end)
    if limit.latest_on is not None:
        end = max(day, min(end, limit.latest_on))
    return _waited(case), end


def _waited(case: Case) -> int:
    waited, since = 0, None
    for entry in case.entries()[1:]:
        day = entry.at.date()
        while since is not None and since < day:
            since += timedelta(days=1)
            waited += _works(since)
        is_wait = entry.kind in (ClockEventKind.PAUSE, ClockEventKind.SYNC_WAIT)
        since = day if is_wait else None
        waited += entry.days or 0
    return waited


def _next(day: date) -> date:
    day += timedelta(days=1)
    return day if _works(day) else _next(day)


def _works(day: date) -> bool:
    if day in CALENDAR.working_days:
        return True
    return day.isoweekday() <= 5 and day not in CALENDAR.days_off


def test_at_least_sixty_cases_and_all_that_was_asked_for() -> None:
    text = "\n".join(f"{case.shows} {case.ledger} {case.limit} {case.due}" for case in CASES)

    assert len(CASES) >= 60
    assert len({(case.ledger, case.limit) for case in CASES}) == len(CASES)
    assert [word for word in WANTED if word not in text] == []


def test_the_docs_show_the_table_as_it_is() -> None:
    text = published_cases.DOCS.read_text(encoding="utf-8")

    shown = text.split(published_cases.BEGIN)[1].split(published_cases.END)[0].strip()

    assert shown == published_cases.table()


@pytest.mark.django_db
def test_the_table_counts_with_the_calendar_that_the_portal_loads() -> None:
    load_calendar([2026, 2027, 2028])

    assert working_calendar() == CALENDAR
