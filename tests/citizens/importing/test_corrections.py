"""What was corrected here stays, whatever the register goes on delivering, until it catches up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from citizens.enums import DiscrepancyState, FactTable
from citizens.models import (
    Citizen,
    Correction,
    Credential,
    Discrepancy,
    Register,
    RegisterRecord,
)
from tests.citizens.importing.samples import SAMPLES, bring_people
from tests.citizens.importing.scene import LAN, bring, licence, person, set_the_scene
from tests.factories.citizens import OfficialFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scene() -> None:
    set_the_scene()


def correct(table: FactTable, row: Citizen | Credential, column: str, old: str, new: str) -> None:
    subject = row.party if isinstance(row, Citizen) else row.holder
    Correction.objects.create(
        subject=subject,
        register=Register.objects.get(pk=row.register_id),
        table=table,
        object_id=row.pk,
        column=column,
        value=new,
        replaced=old,
        as_of=date(2026, 11, 2),
        decided_by=OfficialFactory().user,
    )


def test_the_replaced_value_does_not_come_back(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(), as_of=date(2026, 11, 1))
    lan = Citizen.objects.get()
    correct(FactTable.CITIZEN, lan, "full_name", "Trần Thị Lan", "Trần Thị Ngọc Lan")
    lan.full_name, lan.middle_name = "Trần Thị Ngọc Lan", "Thị Ngọc"
    lan.save()

    done = bring(tmp_path, "NPD.person", person(), as_of=date(2026, 11, 10))

    lan.refresh_from_db()
    assert (lan.full_name, lan.middle_name, lan.given_name) == (
        "Trần Thị Ngọc Lan",
        "Thị Ngọc",
        "Lan",
    )
    assert done.batch.unchanged_count == 1
    assert Correction.objects.get().settled_at is None
    assert not Discrepancy.objects.exists()


def test_a_register_that_catches_up_settles_the_correction(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(), as_of=date(2026, 11, 1))
    lan = Citizen.objects.get()
    correct(FactTable.CITIZEN, lan, "birth_date", "1985-02-01", "1985-02-11")

    bring(tmp_path, "NPD.person", person(birth_date="11/02/1985"), as_of=date(2026, 11, 10))

    lan.refresh_from_db()
    assert lan.birth_date == date(1985, 2, 11)
    assert Correction.objects.get().settled_at is not None


def test_a_third_value_opens_a_case_and_the_correction_stands(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(), as_of=date(2026, 11, 1))
    lan = Citizen.objects.get()
    correct(FactTable.CITIZEN, lan, "current_address", "12 Lê Lợi", "21 Lê Lợi")
    Citizen.objects.update(current_address="21 Lê Lợi")

    bring(tmp_path, "NPD.person", person(current_address="1 Trần Phú"), as_of=date(2026, 11, 10))

    lan.refresh_from_db()
    assert lan.current_address == "21 Lê Lợi"
    case = Discrepancy.objects.get()
    assert (case.state, case.held_value, case.stated_value) == (
        DiscrepancyState.OPEN,
        "21 Lê Lợi",
        "1 Trần Phú",
    )


def test_dates_and_details_of_a_paper_are_kept_too(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person())
    bring(tmp_path, "GPLX.licence", licence(), as_of=date(2026, 11, 1))
    paper = Credential.objects.get()
    correct(FactTable.CREDENTIAL, paper, "expires_on", "2027-01-20", "2027-01-25")
    Credential.objects.update(expires_on=date(2027, 1, 25))

    bring(tmp_path, "GPLX.licence", licence(issuer="Khác"), as_of=date(2026, 11, 10))

    paper.refresh_from_db()
    assert (paper.expires_on, paper.issuer, paper.term) == (date(2027, 1, 25), "Khác", 1)


def test_a_paper_found_to_have_no_last_day_keeps_none(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person())
    bring(tmp_path, "GPLX.licence", licence(), as_of=date(2026, 11, 1))
    paper = Credential.objects.get()
    correct(FactTable.CREDENTIAL, paper, "expires_on", "2027-01-20", "")
    Credential.objects.update(expires_on=None)

    bring(tmp_path, "GPLX.licence", licence(), as_of=date(2026, 11, 10))

    paper.refresh_from_db()
    assert (paper.expires_on, paper.as_of) == (None, date(2026, 11, 10))


def test_a_file_without_last_days_says_nothing_about_a_corrected_one(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person())
    bring(tmp_path, "GPLX.licence", licence(), as_of=date(2026, 11, 1))
    paper = Credential.objects.get()
    correct(FactTable.CREDENTIAL, paper, "expires_on", "2027-01-20", "2027-01-25")
    Credential.objects.update(expires_on=date(2027, 1, 25))

    row = {name: value for name, value in licence().items() if name != "expires_on"}
    bring(tmp_path, "GPLX.licence", row, as_of=date(2026, 11, 10))

    paper.refresh_from_db()
    assert paper.expires_on == date(2027, 1, 25)
    assert not Discrepancy.objects.exists()


def test_a_delivery_older_than_the_fact_settles_and_opens_nothing(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(), as_of=date(2026, 11, 1))
    lan = Citizen.objects.get()
    correct(FactTable.CITIZEN, lan, "current_address", "12 Lê Lợi", "21 Lê Lợi")
    Citizen.objects.update(current_address="21 Lê Lợi")

    for address in ("21 Lê Lợi", "1 Trần Phú"):
        row = person(current_address=address)
        bring(tmp_path, "NPD.person", row, as_of=date(2026, 10, 1))

    assert Correction.objects.get().settled_at is None
    assert not Discrepancy.objects.exists()


def correct_record(kind: str, column: str, old: str, new: str) -> None:
    record = RegisterRecord.objects.get(kind=kind)
    Correction.objects.create(
        subject=record.subject,
        register=Register.objects.get(pk=record.register_id),
        table=FactTable.RECORD,
        object_id=record.pk,
        column=column,
        value=new,
        replaced=old,
        as_of=date(2026, 11, 2),
        decided_by=OfficialFactory().user,
    )
    record.body = {**record.body, column: new}
    record.save()


def test_what_is_said_beside_a_person_is_kept(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(), as_of=date(2026, 11, 1))
    correct_record("person", "hometown", "Đại Lộc", "Hội An")

    bring(tmp_path, "NPD.person", person(), as_of=date(2026, 11, 10))

    assert RegisterRecord.objects.get().body == {"hometown": "Hội An"}
    assert not Discrepancy.objects.exists()


def test_what_is_said_beside_a_paper_is_kept(tmp_path: Path) -> None:
    bring_people(tmp_path)
    status = {**SAMPLES["POV.household"], "household_status": "Không thuộc diện"}
    bring(tmp_path, "POV.household", status, as_of=date(2026, 11, 20))
    correct_record("household", "certificate", "HCN-0001", "HCN-0007")

    bring(tmp_path, "POV.household", status, as_of=date(2026, 11, 22))

    assert RegisterRecord.objects.get(kind="household").body["certificate"] == "HCN-0007"


def test_what_a_document_says_is_kept_in_its_own_kind(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person())
    row = {"pin": LAN, "hours": "40"}
    bring(tmp_path, "HEALTH.cme", row, as_of=date(2026, 11, 1))
    record = RegisterRecord.objects.get(kind="cme")
    Correction.objects.create(
        subject=record.subject,
        register_id="HEALTH",
        table=FactTable.RECORD,
        object_id=record.pk,
        column="hours",
        value="140",
        replaced="40",
        as_of=date(2026, 11, 2),
        decided_by=OfficialFactory().user,
    )
    RegisterRecord.objects.filter(kind="cme").update(body={"hours": 140})

    bring(tmp_path, "HEALTH.cme", row, as_of=date(2026, 11, 10))

    record.refresh_from_db()
    assert record.body == {"hours": 140}
