"""The public list of overdue dossiers: what stands in it, until when, and what never does."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.enums import Role, UnitKind
from citizens.models import Agency, Unit
from dossiers.enums import Action, DelayKind, Status
from dossiers.models import DelayCause, Dossier, Stage
from portal.reporting.models import CountedDossier
from portal.reporting.overdue.published import FEWEST, overdue_rows, published
from portal.reporting.selectors.settled import Months, tallies
from portal.reporting.services.count_dossiers import count_dossiers
from portal.reporting.services.fold_events import fold_events
from tests.dossiers.scene import renewal, step
from tests.factories.citizens import AgencyFactory, UnitFactory
from tests.factories.dossiers import DossierFactory

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 20, 9, tzinfo=ZONE)  # a Friday
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ward() -> Unit:
    unit: Unit = UnitFactory(kind=UnitKind.WARD, name_vi="Phường Thử", parent=None)
    return unit


def open_dossier(unit: Unit, due: str, **more: Any) -> Dossier:
    """Return a counted, unfinished dossier of the unit's office with its last day."""
    office = Agency.objects.filter(unit=unit).first() or AgencyFactory(unit=unit)
    made: dict[str, Any] = {"status": Status.PROCESSING, "ledgers": False} | more
    dossier: Dossier = DossierFactory(competent=office, unit=unit, **made)
    dossier.due_on = date.fromisoformat(due)
    dossier.save()
    count_dossiers([dossier.pk])
    return dossier


def filed_often(unit: Unit) -> None:
    """File what makes the procedure one of many here; none of it is late."""
    for _ in range(FEWEST):
        open_dossier(unit, "2026-12-30")


def test_it_tells_unit_procedure_days_cause_and_step_where_many_filed_the_same(ward: Unit) -> None:
    filed_often(ward)
    dossier = open_dossier(ward, "2026-11-10")
    for days, kind, at in (
        (3, DelayKind.SYSTEM, NOW - timedelta(days=2)),
        (2, DelayKind.INSIDE, NOW - timedelta(days=1)),
        (6, DelayKind.OTHER_AGENCY, NOW - timedelta(days=1)),
    ):
        DelayCause.objects.create(
            dossier=dossier, kind=kind, days=days, note="Ghi chú", happened_at=at
        )
    Stage.objects.create(
        dossier=dossier, position=1, name_vi="Thẩm định", agency=dossier.competent, entered_at=NOW
    )

    (row,) = published(today=TODAY)

    assert (row.unit, row.days, row.cause) == (ward.code, (8, 8), DelayKind.OTHER_AGENCY)
    assert row.name_vi == dossier.procedure_version.name_vi
    assert (row.status, row.stage) == (Status.PROCESSING, "Thẩm định")


def test_a_rare_procedure_is_not_named_and_its_days_are_only_about(ward: Unit) -> None:
    dossier = open_dossier(ward, "2026-11-10")
    Stage.objects.create(
        dossier=dossier, position=1, name_vi="Thẩm định", agency=dossier.competent, entered_at=NOW
    )

    (row,) = published(today=TODAY)

    assert (row.name_vi, row.name_en, row.stage, row.days) == ("", "", "", (6, 10))


@pytest.mark.parametrize(("filed", "is_named"), [(FEWEST - 2, False), (FEWEST - 1, True)])
def test_so_many_of_the_last_year_name_a_procedure(ward: Unit, filed: int, is_named: bool) -> None:
    for _ in range(filed):
        open_dossier(ward, "2026-12-30")
    old = open_dossier(ward, "2026-12-30")
    CountedDossier.objects.filter(pk=old.pk).update(filed_on=TODAY - timedelta(days=366))
    open_dossier(ward, "2026-11-10")

    (row,) = published(today=TODAY)

    assert bool(row.name_vi) is is_named


def test_the_order_gives_away_nothing_that_is_not_told(ward: Unit) -> None:
    """Rows of a rare procedure stand by their band: between two exact ones they would be exact."""
    for due in ("2026-11-05", "2026-11-09", "2026-11-06", "2026-10-01"):
        open_dossier(ward, due)

    days = [row.days for row in published(today=TODAY)]

    assert days == [(21, None), (11, 20), (6, 10), (6, 10)]


def test_it_is_the_overdue_of_the_map(ward: Unit) -> None:
    for due in ("2026-11-19", "2026-11-20", "2026-11-02"):
        open_dossier(ward, due)
    waiting = open_dossier(ward, "2026-11-10")
    CountedDossier.objects.filter(pk=waiting.pk).update(held_on=date(2026, 11, 9))
    stopped_late = open_dossier(ward, "2026-11-10")
    CountedDossier.objects.filter(pk=stopped_late.pk).update(held_on=date(2026, 11, 12))
    months = Months.between(TODAY, TODAY, TODAY)

    assert len(published(today=TODAY)) == tallies(months=months)[ward.pk].overdue == 3


def test_no_day_counts_after_the_clock_stopped(ward: Unit) -> None:
    filed_often(ward)
    dossier = open_dossier(ward, "2026-11-10")
    CountedDossier.objects.filter(pk=dossier.pk).update(held_on=date(2026, 11, 12))

    (row,) = published(today=TODAY)

    assert row.days == (2, 2)


def test_what_is_settled_is_gone_with_the_next_read_of_news() -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER, Role.RECEPTIONIST)
    dossier = step(scene.submit(), Action.RECEIVE, officer)
    fold_events()
    after = dossier.due_on + timedelta(days=3) if dossier.due_on else TODAY
    assert overdue_rows(today=after).count() == 1

    later = datetime.combine(after, datetime.min.time(), ZONE)
    step(dossier, Action.STOP, officer, now=later, note="Thiếu giấy tờ")
    fold_events()

    assert overdue_rows(today=after).count() == 0


def test_one_unit_and_one_field_can_be_asked_for(ward: Unit) -> None:
    other = UnitFactory(kind=UnitKind.WARD, parent=None)
    mine = open_dossier(ward, "2026-11-10")
    open_dossier(other, "2026-11-10")
    field = CountedDossier.objects.get(pk=mine.pk).field

    assert [row.unit for row in published(today=TODAY, unit=ward.code)] == [ward.code]
    assert len(published(today=TODAY, field=field)) == 2
    assert published(today=TODAY, unit=ward.code, field="Lĩnh vực khác") == []


def test_page_and_file_name_nobody(client: Client, ward: Unit) -> None:
    filed_often(ward)
    dossiers = [open_dossier(ward, f"2026-11-{day:02}") for day in (4, 5, 9)]

    page = client.get(reverse("web:overdue") + f"?unit={ward.code}")
    told = client.get(reverse("web:overdue_file")).content.decode("utf-8-sig")

    assert page.status_code == 200
    for dossier in dossiers:
        secret = (
            dossier.code,
            dossier.applicant.full_name,
            str(dossier.public_id),
            dossier.owner.citizen.full_name,
            "2026-11-0",
            "/11/2026</t",
        )
        assert not any(one in page.content.decode() + told for one in secret)
    rows = list(csv.DictReader(io.StringIO(told)))
    assert [(row["unit"], row["days_from"], row["cause"]) for row in rows] == [
        (ward.code, "12", ""),
        (ward.code, "11", ""),
        (ward.code, "9", ""),
    ]
    assert rows[0]["procedure"] == dossiers[0].procedure_version.name_vi


def test_the_page_says_what_it_withholds(client: Client, ward: Unit) -> None:
    open_dossier(ward, "2026-11-10")
    open_dossier(ward, "2026-11-19")
    open_dossier(ward, "2026-09-10")

    page = client.get(reverse("web:overdue")).content.decode()

    assert "6 đến 10 ngày làm việc" in page
    assert "trên 20 ngày làm việc" in page
    assert "không nêu tên thủ tục" in page


def test_an_empty_list_says_when_something_would_appear(client: Client) -> None:
    page = client.get(reverse("web:overdue") + "?unit=xx&field=%00&page=9").content.decode()

    assert "Không có hồ sơ nào quá hạn" in page


def test_the_queries_do_not_grow_with_the_list(
    client: Client, ward: Unit, django_assert_max_num_queries: Any
) -> None:
    for day in range(2, 14):
        open_dossier(ward, f"2026-11-{day:02}")

    with django_assert_max_num_queries(12):
        client.get(reverse("web:overdue"))
