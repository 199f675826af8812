"""What two registers, or a number and its row, disagree about: cases for an officer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from citizens.enums import DiscrepancyKind
from citizens.models import Citizen, Credential, Discrepancy
from tests.citizens.importing.scene import (
    LAN,
    MINH,
    TODAY,
    bring,
    licence,
    minh,
    person,
    set_the_scene,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scene() -> None:
    set_the_scene()


def test_another_name_under_a_known_number_is_not_written_over(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(), as_of=date(2026, 11, 1))

    done = bring(tmp_path, "NPD.person", person(full_name="Trần Thị Khác"), as_of=TODAY)

    assert Citizen.objects.get().full_name == "Trần Thị Lan"
    assert done.kinds == {"identity_conflict": 1}
    case = Discrepancy.objects.get()
    assert (case.kind, case.held_value, case.stated_value) == (
        DiscrepancyKind.IDENTITY,
        "Trần Thị Lan",
        "Trần Thị Khác",
    )
    assert case.owner.kind_id == "cong_an_xa"


def test_another_name_is_added_to_the_case_that_the_name_has(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(), as_of=date(2026, 11, 1))
    bring(tmp_path, "GPLX.licence", licence(full_name="Trần Thị Lam"))

    for as_of in (date(2026, 11, 10), TODAY):
        bring(tmp_path, "NPD.person", person(full_name="Phạm Văn Khác"), as_of=as_of)

    case = Discrepancy.objects.get()
    assert (case.kind, case.stated_value) == (DiscrepancyKind.NAME, "Trần Thị Lam")
    assert case.note == "Cơ sở dữ liệu quốc gia về dân cư ghi: Phạm Văn Khác"


def test_a_delivery_older_than_what_is_held_is_not_measured_by_the_number(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(), as_of=TODAY)

    row = person(gender="Nam", birth_date="01/02/1986")
    bring(tmp_path, "NPD.person", row, as_of=date(2026, 11, 1))

    assert not Discrepancy.objects.exists()


def test_a_name_with_other_accents_only_is_a_correction(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(full_name="TRAN THI LAN"), as_of=date(2026, 11, 1))

    bring(tmp_path, "NPD.person", person(), as_of=TODAY)

    assert Citizen.objects.get().full_name == "Trần Thị Lan"
    assert not Discrepancy.objects.exists()


def test_a_number_of_somebody_elses_paper_waits_for_an_officer(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(), minh())
    bring(tmp_path, "GPLX.licence", licence(), as_of=date(2026, 11, 1))

    done = bring(tmp_path, "GPLX.licence", licence(pin=MINH), as_of=TODAY)

    assert done.kinds == {"other_holder": 1}
    assert Credential.objects.get().holder.citizen.pin == LAN


def test_what_the_number_says_against_the_row_is_a_case_and_blocks_nothing(
    tmp_path: Path,
) -> None:
    done = bring(tmp_path, "NPD.person", person(gender="Nam", birth_date="01/02/1986"))

    lan = Citizen.objects.get()
    cases = Discrepancy.objects.filter(subject=lan.pk).values_list("kind", "held_value")
    assert set(cases) == {("gender", "male"), ("birth_date", "1986-02-01")}
    assert (done.batch.created_count, done.batch.discrepancy_count) == (1, 2)


def test_another_register_that_states_otherwise_opens_a_case_and_its_paper_is_kept(
    tmp_path: Path,
) -> None:
    bring(tmp_path, "NPD.person", person())

    bring(
        tmp_path,
        "GPLX.licence",
        licence(full_name="Trần Thị Loan", birth_date="02/02/1985"),
    )

    assert Credential.objects.count() == 1
    cases = Discrepancy.objects.values_list("kind", "register", "other_register", "stated_value")
    assert set(cases) == {
        ("name", "NPD", "GPLX", "Trần Thị Loan"),
        ("birth_date", "NPD", "GPLX", "1985-02-02"),
    }
