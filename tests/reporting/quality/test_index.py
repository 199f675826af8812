"""The index counted from rows: points where there are data, none where there are not."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.enums import UnitKind
from citizens.models import Agency, Unit
from dossiers.enums import PaymentState, PaymentWay, Satisfaction, Status
from dossiers.models import Dossier, DossierPaper, Payment, Rating, Result
from portal.reporting.quality.counting import FEWEST, counted
from portal.reporting.quality.index import quality
from portal.reporting.selectors.settled import Months
from portal.reporting.services.count_dossiers import count_dossiers
from tests.factories.citizens import AgencyFactory, UnitFactory
from tests.factories.dossiers import DossierFactory
from tests.factories.papers import a_document

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 20, 9, tzinfo=ZONE)
YEAR = Months.between(date(2026, 1, 1), date(2026, 12, 1), NOW.date())


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ward() -> Unit:
    unit: Unit = UnitFactory(kind=UnitKind.WARD, name_vi="Phường Thử", parent=None)
    return unit


def dossier(unit: Unit, **changes: Any) -> Dossier:
    """Return a counted dossier of the unit's office with some columns set."""
    office = Agency.objects.filter(unit=unit).first() or AgencyFactory(unit=unit)
    made: Dossier = DossierFactory(
        competent=office, unit=unit, status=changes.pop("status", Status.PROCESSING), ledgers=False
    )
    for name, value in changes.items():
        setattr(made, name, value)
    made.save()
    count_dossiers([made.pk])
    return made


def settled(unit: Unit, due: str, done: str) -> Dossier:
    at = datetime.fromisoformat(f"{done}T09:00").replace(tzinfo=ZONE)
    last = date.fromisoformat(due)
    return dossier(unit, status=Status.DONE, due_on=last, finished_at=at)


def rated(unit: Unit, answer: Satisfaction) -> None:
    made = dossier(unit, status=Status.RETURNED, finished_at=NOW, returned_at=NOW)
    Rating.objects.create(dossier=made, citizen=made.applicant, answer=answer, rated_at=NOW)


def test_nothing_counted_gives_no_points_anywhere(ward: Unit) -> None:
    found = quality(months=YEAR)

    by_id = {one.indicator.id: one for one in found.whole.total.scores}
    assert {one.points for name, one in by_id.items() if name != "procedures_online"} == {None}
    assert found.units == {}
    assert sum(count for _band, count in found.bands()) == 0


def test_the_press_figure_follows_from_its_counts(ward: Unit) -> None:
    """93.08 % early or on time is 18.6 of 20."""
    for _ in range(3):
        settled(ward, "2026-11-10", "2026-11-10")
    settled(ward, "2026-11-10", "2026-11-12")

    index = quality(months=YEAR).units[ward.pk]
    (progress,) = [part for group, part in index.groups if group.id == "progress"]

    assert (progress.reached, progress.share, progress.is_whole) == (Fraction(15), 0.75, True)
    assert round(float(Fraction(9308, 10_000) * progress.whole), 1) == 18.6


def test_each_share_counts_its_rows(ward: Unit) -> None:
    day = date(2026, 11, 2)
    whole = dossier(ward, clock_started_on=day, field_count=9, known_field_count=4)
    lacking = dossier(
        ward, clock_started_on=day, field_count=9, known_field_count=0, channel="direct"
    )
    not_received = dossier(ward, field_count=0)
    for one, document in ((whole, a_document(whole.owner)), (lacking, None)):
        DossierPaper.objects.create(
            dossier=one, component_code="A", name_vi="Giấy", document=document
        )
    DossierPaper.objects.create(
        dossier=whole, component_code="B", name_vi="Giấy", satisfied_by="GPLX"
    )
    DossierPaper.objects.create(dossier=not_received, component_code="A", name_vi="Giấy")

    rows = counted(months=YEAR)
    names = ("digitised", "reused", "filed_online")
    found = {name: rows[name].by_unit.get(ward.pk) for name in names}

    assert found == {"digitised": (1, 2), "reused": (1, 2), "filed_online": (2, 3)}


def test_results_and_fees_count_on_their_own_day(ward: Unit) -> None:
    for day, is_signed in (("2026-11-02", True), ("2026-11-03", False), ("2025-12-31", True)):
        made = dossier(ward)
        document = a_document(made.owner)
        document.is_signed = is_signed
        document.save()
        Result.objects.create(dossier=made, name_vi="Giấy phép", document=document, decided_on=day)
    ways = (
        (PaymentWay.BANK_TRANSFER, PaymentState.PAID, NOW, 10),
        (PaymentWay.COUNTER, PaymentState.PAID, NOW, 10),
        (PaymentWay.COUNTER, PaymentState.PAID, NOW, 0),
        (PaymentWay.BANK_TRANSFER, PaymentState.PAID, datetime(2025, 12, 31, 23, tzinfo=ZONE), 10),
        ("", PaymentState.DUE, None, 10),
    )
    for number, (way, state, paid_at, amount) in enumerate(ways):
        Payment.objects.create(
            dossier=dossier(ward),
            amount_vnd=amount,
            reference=f"R{number}",
            way=way,
            state=state,
            asked_at=NOW,
            paid_at=paid_at,
        )

    assert counted(months=YEAR)["electronic_result"].by_unit[ward.pk] == (1, 2)
    assert counted(months=YEAR)["paid_online"].by_unit[ward.pk] == (1, 2)


def test_few_answers_of_one_unit_are_told_only_in_the_whole(ward: Unit) -> None:
    other = UnitFactory(kind=UnitKind.WARD, parent=None)
    for number in range(FEWEST):
        rated(ward, Satisfaction.SATISFIED if number else Satisfaction.DISSATISFIED)
    rated(other, Satisfaction.DISSATISFIED)

    found = counted(months=YEAR)["satisfied"]

    assert found.whole == (FEWEST - 1, FEWEST + 1)
    assert dict(found.by_unit) == {ward.pk: (FEWEST - 1, FEWEST)}
    assert found.withheld == {other.pk}


def test_a_part_of_the_points_is_called_a_part(ward: Unit) -> None:
    settled(ward, "2026-11-10", "2026-11-09")

    index = quality(months=YEAR).units[ward.pk]

    assert not index.total.is_whole
    assert index.total.within < index.total.whole == 100
    parts = {group.id: part for group, part in index.groups}
    assert parts["openness"].share is None
    assert parts["openness"].reached == 0


def test_a_band_counts_the_units_in_it(ward: Unit) -> None:
    settled(ward, "2026-11-10", "2026-11-09")
    found = quality(months=YEAR)

    counts = {band.id: count for band, count in found.bands()}
    band = found.units[ward.pk].band

    assert band is not None
    assert counts[band.id] == sum(counts.values()) == 1


def page(client: Client, query: str = "") -> str:
    answer = client.get(reverse("web:quality") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_where_there_are_no_data(client: Client, ward: Unit) -> None:
    settled(ward, "2026-11-10", "2026-11-09")

    whole, one, empty = (
        page(client, query) for query in ("", f"?unit={ward.code}", "?period=2025")
    )

    assert whole.count("Chưa có dữ liệu") >= 4
    assert "Phường Thử" in one
    assert "Chưa có dữ liệu" in empty
    assert "20 / 20 điểm" in one
    assert client.get(reverse("web:quality") + "?unit=xxx").status_code == 404


def test_the_file_gives_the_points_again(client: Client, ward: Unit) -> None:
    for done in ("2026-11-09", "2026-11-10", "2026-11-12"):
        settled(ward, "2026-11-10", done)

    answer = client.get(reverse("web:quality_file")).content.decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(answer)))
    mine = [row for row in rows if row["unit"] == ward.code]
    assert len(mine) == len([row for row in rows if row["unit"] == ""])
    for row in mine:
        if row["points"] == "":
            assert row["numerator"] == row["denominator"] == ""
            continue
        again = int(row["numerator"]) / int(row["denominator"]) * float(row["max_points"])
        assert float(row["points"]) == pytest.approx(again, abs=1e-3)
    told = next(row for row in mine if row["indicator"] == "on_time")
    assert (told["numerator"], told["denominator"], told["points"]) == ("2", "3", "13.3333")


def test_the_queries_do_not_grow_with_the_units(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        settled(UnitFactory(kind=UnitKind.WARD, parent=None), "2026-11-10", "2026-11-10")

    with django_assert_max_num_queries(12):
        page(client)
