"""Register records: what fills forms, and whose it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from citizens.enums import FactKind
from citizens.models import FactChange, RegisterRecord
from citizens.registers import cells
from tests.citizens.importing.samples import BE, SAMPLES, bring_people
from tests.citizens.importing.scene import LAN, MINH, bring, set_the_scene

pytestmark = pytest.mark.django_db
FIRST, LATER, LAST = date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 24)
OTHER_FIRM = "9900000023"
NAMELESS = {"full_name": "", "birth_date": ""}
LAND, CHECK = SAMPLES["LAND.certificate"], SAMPLES["HEALTH.driver_check"]


@pytest.fixture(autouse=True)
def _scene(tmp_path: Path) -> None:
    set_the_scene()
    bring_people(tmp_path)
    FactChange.objects.all().delete()


def news() -> set[str]:
    """Return about whose records there is news, and take it."""
    found = FactChange.objects.filter(kind=FactKind.RECORD)
    names = set(found.values_list("subject__citizen__full_name", flat=True))
    found.delete()
    return names


def bodies(kind: str) -> list[dict[str, object]]:
    return list(
        RegisterRecord.objects.filter(kind=kind).order_by("pk").values_list("body", flat=True)
    )


def test_what_is_newer_replaces_and_an_empty_value_leaves(tmp_path: Path) -> None:
    pupil = SAMPLES["EDU.pupil"]
    bring(tmp_path, "EDU.pupil", pupil, as_of=LATER)

    bring(tmp_path, "EDU.pupil", {**pupil, "catchment": "Trường cũ"}, as_of=FIRST)
    bring(tmp_path, "EDU.pupil", {**pupil, "class_name": "Lá 2", "kindergarten": ""}, as_of=LAST)

    assert bodies("pupil") == [
        {
            "catchment": "Trường Tiểu học Duy Xuyên",
            "kindergarten": "Mầm non Duy Xuyên",
            "class": "Lá 2",
        }
    ]


def test_a_confirmation_is_younger_without_news(tmp_path: Path) -> None:
    bring(tmp_path, "HEALTH.driver_check", CHECK, as_of=FIRST)
    news()

    done = bring(tmp_path, "HEALTH.driver_check", CHECK, as_of=LATER)

    record = RegisterRecord.objects.get(kind="driver_check")
    assert (record.as_of, record.batch) == (LATER, done.batch)
    assert (done.batch.unchanged_count, news()) == (1, set())


def test_land_of_a_couple_stands_in_two_rows(tmp_path: Path) -> None:
    done = bring(tmp_path, "LAND.certificate", LAND, {**LAND, **NAMELESS, "pin": MINH})

    assert (done.kinds, len(bodies("certificate"))) == ({}, 2)
    assert news() == {"Trần Thị Lan", "Lê Văn Minh"}


def test_two_clinics_may_give_the_same_number(tmp_path: Path) -> None:
    other = {**CHECK, **NAMELESS, "pin": MINH, "place": "BVĐK Quảng Nam"}

    bring(tmp_path, "HEALTH.driver_check", CHECK, as_of=FIRST)
    bring(tmp_path, "HEALTH.driver_check", other, as_of=LATER)

    holders = RegisterRecord.objects.filter(kind="driver_check")
    assert set(holders.values_list("subject__citizen__full_name", flat=True)) == {
        "Trần Thị Lan",
        "Lê Văn Minh",
    }


def test_a_notice_that_names_another_mother_is_left_to_an_officer(tmp_path: Path) -> None:
    notice = {**SAMPLES["HEALTH.birth_notice"], "father_pin": ""}
    hoa = {**notice, "mother_pin": "999157000005", "mother_name": ""}
    bring(tmp_path, "HEALTH.birth_notice", hoa, as_of=FIRST)

    done = bring(tmp_path, "HEALTH.birth_notice", notice, as_of=LATER)

    record = RegisterRecord.objects.get(kind="birth_notice")
    assert done.kinds == {"other_subject": 1}
    assert record.subject.citizen.full_name == "Phan Thị Hoa"


def test_a_record_without_event_goes_to_whom_the_register_names(tmp_path: Path) -> None:
    vehicle = SAMPLES["TRANS.vehicle"]
    firm = {**SAMPLES["BUS.business"], "tax_code": OTHER_FIRM}
    bring(tmp_path, "BUS.business", SAMPLES["BUS.business"], firm, as_of=FIRST)
    bring(tmp_path, "TRANS.vehicle", vehicle, as_of=FIRST)

    bring(tmp_path, "TRANS.vehicle", {**vehicle, "tax_code": OTHER_FIRM}, as_of=LATER)

    record = RegisterRecord.objects.get(kind="vehicle")
    assert record.subject.organisation.tax_code == OTHER_FIRM
    told = FactChange.objects.filter(kind=FactKind.RECORD, object_id=record.pk)
    # Who had it when it was new, then both.
    assert told.count() == 3


@pytest.mark.parametrize(
    ("key", "changes", "problem"),
    [
        ("CIVIL.birth", {"registered_on": "06/08/2020"}, "event_before_birth"),
        ("HEALTH.birth_notice", {"weight_g": "90000"}, "out_of_range"),
        ("HEALTH.death_notice", {"time": "25:00 17/11/2026"}, "moment_form"),
        ("HEALTH.death_notice", {"time": "7 giờ"}, "moment_form"),
        ("HEALTH.death_notice", {"died_on": "26/11/2026"}, "date_future"),
        ("LAND.certificate", {"area": "rộng"}, "number"),
        ("CIVIL.relation", {"relation": "Bạn"}, "relation_code"),
        ("CIVIL.death", {"status": "Có lẽ"}, "notice_status"),
        ("EDU.pupil", {"pin": "999320000099"}, "subject_unknown"),
    ],
)
def test_what_cannot_be_is_reported(
    key: str, changes: dict[str, str], problem: str, tmp_path: Path
) -> None:
    done = bring(tmp_path, key, {**SAMPLES[key], **changes})

    assert done.kinds == {problem: 1}
    assert not RegisterRecord.objects.filter(kind=key.partition(".")[2]).exists()


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("07:30 17/11/2026", "2026-11-17T07:30"),
        ("7h05 17-11-2026", "2026-11-17T07:05"),
        ("2026-11-17T07:30", "2026-11-17T07:30"),
        ("2026-11-17 07:30:00", "2026-11-17T07:30"),
    ],
)
def test_moments(cell: str, read: str) -> None:
    assert cells.moment(cell) == read


def test_people_s_records_are_kept_apart(tmp_path: Path) -> None:
    for pin in (LAN, BE):
        bring(tmp_path, "INS.member", {"pin": pin, "member_kind": "Không"})

    assert RegisterRecord.objects.filter(kind="member").count() == 2
