"""What is settled on time: kept up with every step, equal to a recount, told by its rows."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from citizens.enums import Role, UnitKind
from citizens.models import Agency, Unit
from dossiers.enums import Action, Status
from dossiers.models import Dossier, EventFeed
from dossiers.services import advance
from portal.common.errors import PortalError
from portal.reporting.enums import ALL_FIELDS
from portal.reporting.models import CountedDossier, ReportedCount, SettledMonth
from portal.reporting.selectors.lattice import cells
from portal.reporting.selectors.settled import Months, Tally, by_month, tallies
from portal.reporting.services.count_dossiers import count_dossiers, outcome_of
from portal.reporting.services.fold_events import count_moved, fold_events
from portal.reporting.services.load_reported import load_reported
from portal.reporting.services.read_table import TableError
from portal.reporting.services.recount import recount
from tests.dossiers.scene import FRIDAY, renewal, step
from tests.factories.citizens import AgencyFactory, UnitFactory
from tests.factories.dossiers import DossierFactory

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
YEAR = Months.between(date(2026, 1, 1), date(2026, 12, 1), date(2026, 11, 20))
SUMS = ("month", "unit", "field", "due_month", "outcome", "count")
ROWS = ("dossier", "unit", "field", "due_on", "held_on", "finished_on", "outcome")


def kept() -> tuple[set[Any], set[Any]]:
    """Return all sums and all rows."""
    return set(SettledMonth.objects.values_list(*SUMS)), set(
        CountedDossier.objects.values_list(*ROWS)
    )


def a_day(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), datetime.min.time(), ZONE).replace(hour=9)


def settled(
    unit: Unit, due: str | None, done: str | None, *, status: Status = Status.DONE
) -> Dossier:
    """Return a counted dossier of a unit's office with its last day and its day of settling."""
    office = Agency.objects.filter(unit=unit).first() or AgencyFactory(unit=unit)
    dossier: Dossier = DossierFactory(competent=office, unit=unit, status=status, ledgers=False)
    dossier.due_on = due and date.fromisoformat(due)
    dossier.finished_at = done and a_day(done)
    dossier.save()
    count_dossiers([dossier.pk])
    return dossier


def test_a_dossier_counts_from_its_first_step_to_its_end() -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER, Role.RECEPTIONIST)
    dossier = scene.submit()

    assert fold_events() == 1
    row = CountedDossier.objects.get()
    assert (row.due_on, row.finished_on, row.outcome) == (None, None, "")
    assert row.unit == scene.agency.unit
    dossier = step(dossier, Action.RECEIVE, officer)
    fold_events()
    assert CountedDossier.objects.get().due_on == dossier.due_on == date(2026, 11, 27)
    assert SettledMonth.objects.count() == 0
    step(dossier, Action.STOP, officer, now=FRIDAY + timedelta(days=10), note="Thiếu giấy tờ")

    assert fold_events() == 1

    assert EventFeed.objects.count() == 0
    november = date(2026, 11, 1)
    told = ("month", "due_month", "outcome", "count")
    assert set(SettledMonth.objects.values_list("field", *told)) == {
        (CountedDossier.objects.get().field, november, november, "late", 1),
        (ALL_FIELDS, november, november, "late", 1),
    }
    assert fold_events() == 0
    assert recount().otherwise == 0


@pytest.mark.parametrize("action", [Action.WITHDRAW, Action.REFUSE_RECEPTION])
def test_who_is_let_go_without_a_decision_counts_nowhere(action: Action) -> None:
    scene = renewal()
    user = scene.user if action is Action.WITHDRAW else scene.officer(Role.RECEPTIONIST)
    dossier = scene.submit()
    fold_events()
    assert CountedDossier.objects.count() == 1

    step(dossier, action, user, note="Không nộp nữa")
    fold_events()

    assert CountedDossier.objects.count() == SettledMonth.objects.count() == 0


def test_an_extension_is_an_apology_and_moves_no_day_that_counts() -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER, Role.RECEPTIONIST, Role.HEAD_OF_UNIT)
    dossier = step(scene.submit(), Action.RECEIVE, officer)
    plain = dossier.due_on
    dossier = step(dossier, Action.START_PROCESSING, officer)
    dossier = advance(
        dossier=dossier,
        action=Action.EXTEND,
        user=officer,
        version=dossier.version,
        note="Chờ xác minh",
        days=3,
        now=FRIDAY + timedelta(days=3),
    )
    assert dossier.due_on != plain
    fold_events()

    assert CountedDossier.objects.get().due_on == plain


@pytest.mark.parametrize("seed", range(3))
def test_kept_figures_equal_a_full_recount_whatever_happened(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same walk each time
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER, Role.RECEPTIONIST, Role.HEAD_OF_UNIT)
    dossiers = [scene.submit()]
    dossiers += [DossierFactory(unit=scene.commune, competent=scene.agency) for _ in range(9)]
    count_dossiers(one.pk for one in dossiers)  # what the factory made left nothing in the feed
    now, taken = FRIDAY, Counter[Action]()
    for _ in range(90):
        now += timedelta(hours=chance.choice([1, 5, 30]))
        at = chance.randrange(len(dossiers))
        action = chance.choice([one for one in Action if one is not Action.SUBMIT])
        user = scene.user if action in (Action.WITHDRAW, Action.SUPPLEMENT) else officer
        try:
            dossiers[at] = step(dossiers[at], action, user, now=now, note="Ghi chú")
            taken[action] += 1
        except PortalError:
            continue
        if chance.random() < 0.3:
            fold_events()
    fold_events()
    assert len(taken) >= 5, taken  # a walk that goes nowhere would prove nothing

    before = kept()
    found = recount()
    assert (found.otherwise, found.wrong_sums) == (0, 0)
    assert kept() == before
    CountedDossier.objects.all().delete()
    SettledMonth.objects.all().delete()
    recount()

    assert kept() == before
    assert before[1]


def test_a_sum_that_went_wrong_is_found_and_mended() -> None:
    unit = UnitFactory(kind=UnitKind.WARD)
    settled(unit, "2026-11-10", "2026-11-10")
    right = kept()
    SettledMonth.objects.update(count=7)

    # Of the field and of all together: the wrong one is there, the right one is not.
    assert recount().wrong_sums == 4
    assert kept() == right
    assert recount().wrong_sums == 0


def test_a_date_that_moved_without_a_step_is_noticed() -> None:
    dossier = settled(UnitFactory(), "2026-11-10", None, status=Status.PROCESSING)
    Dossier.objects.filter(pk=dossier.pk).update(due_on=date(2026, 11, 12))

    assert count_moved() == 1
    assert CountedDossier.objects.get().due_on == date(2026, 11, 12)
    assert count_moved() == 0


@pytest.mark.parametrize(
    ("due", "done", "outcome"),
    [
        ("2026-02-28", "2026-02-27", "early"),
        ("2026-02-28", "2026-02-28", "on_time"),
        ("2026-02-28", "2026-03-01", "late"),
        (None, "2026-03-01", "no_term"),
    ],
)
def test_the_last_day_itself_is_on_time(due: str | None, done: str, outcome: str) -> None:
    last = date.fromisoformat(due) if due else None

    assert outcome_of(last, date.fromisoformat(done)) == outcome


@pytest.mark.parametrize(
    ("today", "overdue"),
    [("2026-11-10", 0), ("2026-11-11", 1), ("2026-12-05", 1)],
)
def test_it_is_overdue_from_the_day_after(today: str, overdue: int) -> None:
    unit = UnitFactory()
    settled(unit, "2026-11-10", None, status=Status.PROCESSING)
    months = Months.between(date(2026, 11, 1), date(2026, 11, 1), date.fromisoformat(today))

    assert tallies(months=months).get(unit.pk, Tally()).overdue == overdue


def test_what_is_overdue_is_carried_until_it_is_late() -> None:
    unit = UnitFactory()
    settled(unit, "2026-08-20", "2026-10-05")
    today = date(2026, 11, 20)
    by = [
        tallies(months=Months.between(date(2026, month, 1), date(2026, month, 1), today))
        for month in (7, 8, 9, 10, 11)
    ]

    told = [one.get(unit.pk, Tally()) for one in by]

    assert [(one.overdue, one.late) for one in told] == [(0, 0), (1, 0), (1, 0), (0, 1), (0, 0)]


def test_no_day_counts_while_the_clock_waits() -> None:
    unit = UnitFactory()
    dossier = settled(unit, "2026-11-10", None, status=Status.PROCESSING)
    CountedDossier.objects.filter(pk=dossier.pk).update(held_on=date(2026, 11, 9))
    assert tallies(months=YEAR).get(unit.pk, Tally()).overdue == 0

    CountedDossier.objects.filter(pk=dossier.pk).update(held_on=date(2026, 11, 12))

    assert tallies(months=YEAR)[unit.pk].overdue == 1


def test_rows_tell_no_person_no_day_and_no_procedure(client: Client) -> None:
    dossier = settled(UnitFactory(), "2026-11-10", "2026-11-09")

    pieces = client.get(reverse("web:map_rows") + "?period=2026")
    answer = b"".join(pieces).decode("utf-8-sig")

    assert answer.splitlines()[0] == "unit,field,settled_in,outcome"
    secret = (dossier.code, dossier.applicant.full_name, "2026-11-09", str(dossier.public_id))
    assert not any(one in answer for one in secret)


def test_the_counts_of_the_two_districts_give_what_they_give(client: Client) -> None:
    for code, name in (("507", "Thị xã Thử Một"), ("502", "Thành phố Thử Hai")):
        UnitFactory(code=code, name_vi=name, kind=UnitKind.DISTRICT)
    head = "unit,first,last,on_time,late,printed_share"
    lines = [
        head,
        "507,2025-07-01,2025-12-31,12903,1525,90.34",
        "502,2025-07-01,2025-12-31,29278,2235,88.79",
    ]

    assert load_reported(lines, source="Bản đồ thể chế").taken == 2
    page = client.get(reverse("web:map_reported")).content.decode()

    for share, counts in (("89,43\u00a0%", "12.903 / 14.428"), ("92,91\u00a0%", "29.278 / 31.513")):
        assert share in page
        assert counts in page
    assert "90,34" in page
    assert load_reported(lines, source="Bản sửa").taken == 2
    assert ReportedCount.objects.count() == 2
    assert set(ReportedCount.objects.values_list("source", flat=True)) == {"Bản sửa"}


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("99999,2025-07-01,2025-12-31,1,1,", "unit"),
        ("507,01/31/2025,2025-12-31,1,1,", "first"),
        ("507,2025-12-31,2025-07-01,1,1,", "last"),
        ("507,2025-07-01,2025-12-31,-1,1,", "on_time"),
        ("507,2025-07-01,2025-12-31,,1,", "on_time"),
        ("507,2025-07-01,2025-12-31,1,1,101", "printed_share"),
        ("507,2025-07-01,2025-12-31,1,1,NaN", "printed_share"),
    ],
)
def test_a_wrong_line_is_named_and_the_good_one_kept(line: str, column: str) -> None:
    UnitFactory(code="507", kind=UnitKind.DISTRICT)
    good = "507,2026-01-01,2026-06-30,10,1,"

    loaded = load_reported(["unit,first,last,on_time,late,printed_share", line, good], source="Thử")

    assert loaded.taken == 1
    assert [(one.line, one.column) for one in loaded.refused] == [(2, column)]


def test_a_file_without_its_headings_is_refused_whole() -> None:
    with pytest.raises(TableError, match="first"):
        load_reported(["unit,last,on_time", "507,2025-12-31,1"], source="Thử")


@pytest.mark.parametrize(
    ("first", "last", "today", "ends"),
    [
        ("2026-01-01", "2026-12-01", "2026-11-20", "2025-11-30"),
        ("2026-02-01", "2026-02-01", "2026-11-20", "2025-02-28"),
        ("2026-12-01", "2026-12-01", "2026-12-01", "2025-12-31"),
        ("2025-02-01", "2025-02-01", "2026-11-20", "2024-02-29"),
    ],
)
def test_a_year_before_ends_with_the_month_that_has_begun(
    first: str, last: str, today: str, ends: str
) -> None:
    days = (date.fromisoformat(day) for day in (first, last, today))

    before = Months.between(*days).a_year_before()

    assert before.last == before.until == date.fromisoformat(ends)


def test_months_of_a_trend_hold_what_was_settled_in_them() -> None:
    unit = UnitFactory()
    settled(unit, "2026-09-10", "2026-09-12")
    settled(unit, "2026-10-10", "2026-10-10")

    assert by_month(months=YEAR, units=[unit.pk]) == {
        date(2026, 9, 1): Tally(late=1),
        date(2026, 10, 1): Tally(on_time=1),
    }


def test_every_unit_has_a_cell_of_its_own() -> None:
    found = cells()

    assert len(found) == 94
    assert len({(one.column, one.row) for one in found.values()}) == 94
    rows = sorted({one.row for one in found.values()})
    assert all(after - before == 1 for before, after in pairwise(rows))
    assert found["20333"].column == max(one.column for one in found.values())  # Hoàng Sa, apart
