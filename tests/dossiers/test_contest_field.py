"""A person contests what a register holds: a case opens, and their forms carry their own value."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from citizens.enums import DiscrepancyKind, DiscrepancyState, FactTable
from citizens.models import Citizen, Discrepancy, Register
from citizens.selectors import Origin
from citizens.services import open_discrepancy, settle_discrepancy
from dossiers.services import contest_field
from portal.common.errors import RefusedError
from procedures.enums import FieldSource
from procedures.prefill import Filled, prefill_form
from tests.dossiers.scene import FRIDAY, Scene, renewal
from tests.factories.citizens import (
    AgencyFactory,
    AuthorityFactory,
    CitizenFactory,
    RegisterRecordFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TODAY = FRIDAY.date()


@pytest.fixture
def scene() -> Scene:
    with time_machine.travel(FRIDAY, tick=False):
        scene = renewal()
        office = AgencyFactory(kind__key="ubnd_tinh", unit=scene.city)
        Register.objects.update(steward_kind=office.kind)
        return scene


def contest(scene: Scene, origin: Origin, stated: str, note: str = "") -> Discrepancy:
    return contest_field(citizen=scene.citizen, origin=origin, stated=stated, note=note, day=TODAY)


def of_person(citizen: Citizen, column: str) -> Origin:
    return Origin(FactTable.CITIZEN, citizen.pk, column)


def filled(scene: Scene, applicant: Citizen | None = None) -> dict[str, Filled]:
    form = prefill_form(
        version=scene.version,
        subject=scene.citizen.party,
        applicant=applicant or scene.citizen,
        suggestion=scene.suggestion,
        day=TODAY,
    )
    return {field.name: field for field in form.fields}


@pytest.mark.parametrize(
    ("column", "stated", "field", "shown"),
    [
        ("full_name", "Trần Thị Lam", "full_name", "Trần Thị Lam"),
        ("gender", "male", "gender", "Nam"),
        ("birth_date", "17/05/1986", "birth_date", "1986-05-17"),
        ("current_address", "Thôn 2, Xã Mới", "address", "Thôn 2, Xã Mới"),
    ],
)
def test_the_form_carries_what_the_person_says_until_it_is_decided(
    scene: Scene, column: str, stated: str, field: str, shown: str
) -> None:
    before = filled(scene)[field]
    assert before.origin == of_person(scene.citizen, column)

    case = contest(scene, of_person(scene.citizen, column), stated)

    after = filled(scene)[field]
    assert (after.value, after.source) == (shown, FieldSource.CONTESTED)
    assert (after.held, after.register) == (before.value, "NPD")
    Discrepancy.objects.filter(pk=case.pk).update(state=DiscrepancyState.WITHDRAWN)
    assert filled(scene)[field] == before


def test_a_paper_s_date_is_a_stored_value_too(scene: Scene) -> None:
    origin = filled(scene)["expiry_date"].origin
    assert origin == Origin(FactTable.CREDENTIAL, scene.licence.pk, "expires_on")

    contest(scene, origin, "19/01/2028")

    assert filled(scene)["expiry_date"].value == "2028-01-19"


def test_a_number_stays_as_the_register_has_it(scene: Scene) -> None:
    before = filled(scene)["pin"]
    case = contest(scene, of_person(scene.citizen, "pin"), "999186000123")

    assert filled(scene)["pin"] == before
    assert case.stated_value == "999•••••0123"
    assert "999186000123" in case.note


def test_composed_values_have_no_origin(scene: Scene) -> None:
    form = filled(scene)

    composed = {name for name, field in form.items() if field.value and field.origin is None}
    assert composed >= {"phone"}
    assert "full_name" not in composed


def test_somebody_else_s_form_is_not_touched(scene: Scene) -> None:
    spouse = CitizenFactory(unit=scene.commune)
    UserFactory(citizen=spouse)
    AuthorityFactory(actor=spouse, for_party=scene.citizen.party, basis="power_of_attorney")
    contest(scene, of_person(scene.citizen, "full_name"), "Trần Thị Lam")

    assert filled(scene, applicant=spouse)["full_name"].source == FieldSource.REGISTER


def test_the_filed_form_keeps_both_and_the_browser_changes_neither(scene: Scene) -> None:
    contest(scene, of_person(scene.citizen, "full_name"), "Trần Thị Lam")

    dossier = scene.submit({"full_name": "Ai Đó Khác"})

    entry = dossier.form["full_name"]
    assert (entry["value"], entry["source"]) == ("Trần Thị Lam", "contested")
    assert (entry["held"], entry["register"]) == ("Trần Thị Lan", "NPD")


def test_who_cannot_tell_the_right_value_says_what_is_wrong(scene: Scene) -> None:
    case = contest(scene, of_person(scene.citizen, "full_name"), "", "Viết sai chữ đệm")

    assert (case.stated_value, case.note) == ("", "Viết sai chữ đệm")
    assert filled(scene)["full_name"].source == FieldSource.REGISTER


@pytest.mark.parametrize(
    ("column", "stated", "note", "sentence"),
    [
        ("full_name", "", "", "Xin ghi thông tin đúng."),
        ("full_name", "Trần Thị Lan", "", "đang lưu"),
        ("birth_date", "hôm qua", "", "Xin ghi ngày"),
        ("full_name", "Trần Thị Lam", "x" * 1001, "1000 ký tự"),
        ("shoe_size", "38", "", "không còn lưu"),
    ],
)
def test_what_cannot_be_right_is_said_at_once(
    scene: Scene, column: str, stated: str, note: str, sentence: str
) -> None:
    with pytest.raises(RefusedError, match=sentence):
        contest(scene, of_person(scene.citizen, column), stated, note)

    assert not Discrepancy.objects.exists()


def test_nobody_contests_for_strangers_but_a_mother_for_her_child(scene: Scene) -> None:
    stranger, child = CitizenFactory(), CitizenFactory(minor=True, unit=scene.commune)
    AuthorityFactory(actor=scene.citizen, for_party=child.party)
    record = RegisterRecordFactory(subject=child.party, body={"class": "3A"})

    with pytest.raises(RefusedError, match="không có quyền"):
        contest(scene, of_person(stranger, "full_name"), "Ai Đó")
    case = contest(scene, Origin(FactTable.RECORD, record.pk, "class"), "3B")

    assert case.subject == child.party


def test_after_the_correction_the_register_itself_fills_the_form(scene: Scene) -> None:
    case = contest(scene, of_person(scene.citizen, "full_name"), "Trần Thị Lam")

    settle_discrepancy(
        case=case,
        user=scene.officer(),
        version=case.version,
        right_value="Trần Thị Lam",
        reason="",
        now=FRIDAY,
    )

    field = filled(scene)["full_name"]
    assert (field.value, field.source) == ("Trần Thị Lam", FieldSource.REGISTER)
    assert case.due_on == date(2026, 12, 4)


def test_what_registers_dispute_is_not_the_applicant_s_word(scene: Scene) -> None:
    open_discrepancy(
        subject=scene.citizen.party,
        kind=DiscrepancyKind.NAME,
        table=FactTable.CITIZEN,
        object_id=scene.citizen.pk,
        column="full_name",
        register=Register.objects.get(code="NPD"),
        held_value="Trần Thị Lan",
        stated_value="Trần Thị Lam",
        day=TODAY,
    )

    assert filled(scene)["full_name"].source == FieldSource.REGISTER
