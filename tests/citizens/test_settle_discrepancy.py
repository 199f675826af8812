"""Officials decide: the fact, its trace and the news move together, or nothing moves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from citizens.enums import BirthPrecision, DiscrepancyState, FactTable, Role
from citizens.models import Citizen, Correction, Discrepancy, FactChange, User
from citizens.selectors import standing_corrections
from citizens.services import hand_over_discrepancy, settle_discrepancy
from portal.common.clock import CIVIL_ZONE
from portal.common.errors import RefusedError, StaleVersionError
from tests.citizens.doubts import Place, make_place
from tests.dossiers.test_concurrency import at_once
from tests.factories import citizens as make

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, tzinfo=CIVIL_ZONE)
WHY = "Đã đối chiếu giấy khai sinh gốc"


@pytest.fixture
def place() -> Place:
    return make_place()


def correct(case: Discrepancy, user: User, value: str, reason: str = WHY) -> Discrepancy:
    return settle_discrepancy(
        case=case, user=user, version=case.version, right_value=value, reason=reason, now=NOW
    )


def uphold(case: Discrepancy, user: User, reason: str = WHY) -> Discrepancy:
    return settle_discrepancy(
        case=case, user=user, version=case.version, right_value=None, reason=reason, now=NOW
    )


def news() -> list[tuple[str, int]]:
    return sorted(FactChange.objects.values_list("kind", "object_id"))


def test_a_corrected_name_stands_with_its_parts_and_its_trace(place: Place) -> None:
    case = place.contest("Trần Thị Lam")
    officer = place.officer()

    settled = correct(case, officer, "  Trần  Thị Ngọc   Lam ")

    person = Citizen.objects.get(pk=place.citizen.pk)
    assert person.full_name == "Trần Thị Ngọc Lam"
    parts = (person.family_name, person.middle_name, person.given_name)
    assert parts == ("Trần", "Thị Ngọc", "Lam")
    assert person.name_fold == "tran thi ngoc lam"
    assert (settled.state, settled.decided_by, settled.decided_at) == ("corrected", officer, NOW)
    trace = Correction.objects.get()
    assert (trace.value, trace.replaced) == ("Trần Thị Ngọc Lam", "Trần Thị Lan")
    assert (trace.discrepancy, trace.register, trace.as_of) == (case, place.register, NOW.date())
    assert list(standing_corrections(table=FactTable.CITIZEN)) == [trace]
    assert news() == [("citizen", person.pk), ("discrepancy", case.pk)]


@pytest.mark.parametrize(
    ("column", "written", "stored"),
    [
        ("birth_date", "17/05/1986", {"birth_date": date(1986, 5, 17), "birth_precision": "day"}),
        ("birth_date", "05/1986", {"birth_date": date(1986, 5, 1), "birth_precision": "month"}),
        ("birth_date", "1938", {"birth_date": date(1938, 1, 1), "birth_precision": "year"}),
        ("gender", "male", {"gender": "male"}),
        ("current_address", "Thôn 2", {"current_address": "Thôn 2"}),
        ("permanent_address", "Thôn 3", {"permanent_address": "Thôn 3"}),
        ("died_on", "2026-11-01", {"died_on": date(2026, 11, 1)}),
    ],
)
def test_what_is_known_of_a_person_can_be_put_right(
    place: Place, column: str, written: str, stored: dict[str, Any]
) -> None:
    case = place.contest(written, column=column)

    correct(case, place.officer(), written)

    person = Citizen.objects.get(pk=place.citizen.pk)
    assert {name: getattr(person, name) for name in stored} == stored
    assert person.version == place.citizen.version + 1


def test_who_was_held_for_dead_lives_again(place: Place) -> None:
    Citizen.objects.filter(pk=place.citizen.pk).update(died_on=date(2026, 10, 1))
    case = place.contest("", column="died_on", held_value="2026-10-01")

    correct(case, place.officer(), "")

    assert Citizen.objects.get(pk=place.citizen.pk).died_on is None
    assert Correction.objects.get().replaced == "2026-10-01"


@pytest.mark.parametrize(
    ("column", "written", "stored"),
    [
        ("expires_on", "20/01/2028", date(2028, 1, 20)),
        ("expires_on", "", None),
        ("issued_on", "2018-02-01", date(2018, 2, 1)),
        ("category", "C1", "C1"),
        ("details.plate", "43A-123.45", {"plate": "43A-123.45", "seats": 7}),
        ("details.seats", "9", {"plate": "43A-000.00", "seats": 9}),
    ],
)
def test_a_paper_can_be_put_right_and_keeps_its_term(
    place: Place, column: str, written: str, stored: Any
) -> None:
    paper = make.CredentialFactory(
        holder=place.citizen,
        issued_on=date(2017, 1, 20),
        expires_on=date(2027, 1, 20),
        details={"plate": "43A-000.00", "seats": 7},
    )
    case = place.contest(
        written,
        table=FactTable.CREDENTIAL,
        object_id=paper.pk,
        column=column,
        register=paper.register,
    )

    correct(case, place.officer(), written)

    paper.refresh_from_db()
    assert getattr(paper, column.partition(".")[0]) == stored
    assert paper.term == 1
    assert ("credential", paper.pk) in news()


def test_a_record_keeps_the_kind_of_its_value(place: Place) -> None:
    body = {"area": 120.5, "owned": True, "used": {"until": "2030-01-01"}, "use": "ONT"}
    record = make.RegisterRecordFactory(
        subject=place.citizen.party, register__code="LAND", kind="certificate", body=body
    )

    for column, value in {
        "area": "130,25",
        "owned": "false",
        "used.until": "31/12/2031",
        "use": "ODT",
    }.items():
        case = place.contest(
            value,
            table=FactTable.RECORD,
            object_id=record.pk,
            column=column,
            register=record.register,
        )
        correct(case, place.officer(), value)

    record.refresh_from_db()
    right = {"area": 130.25, "owned": False, "used": {"until": "2031-12-31"}, "use": "ODT"}
    assert record.body == right
    assert ("record", record.pk) in news()


def test_a_firm_can_be_put_right(place: Place) -> None:
    firm = make.OrganisationFactory(unit=place.commune)
    case = place.contest(
        "2 Đường Số 2",
        subject=firm.party,
        table=FactTable.ORGANISATION,
        object_id=firm.pk,
        column="address",
        register=firm.register,
    )

    correct(case, place.officer(), "2 Đường Số 2")

    firm.refresh_from_db()
    assert firm.address == "2 Đường Số 2"


@pytest.mark.parametrize(
    ("column", "written", "sentence"),
    [
        ("full_name", "", "Xin ghi thông tin đúng."),
        ("full_name", "Trần Thị Lan", "Đây chính là thông tin đang lưu."),
        ("full_name", "Trần 4", "Họ tên chỉ gồm chữ cái."),
        ("full_name", "Trần " + "L" * 300, "Nội dung dài quá 200 ký tự."),
        ("full_name", "Trần " + "L" * 80, "60"),
        ("birth_date", "30/02/1986", "Xin ghi ngày"),
        ("birth_date", "1586", "Xin ghi ngày"),
        ("birth_date", "24/11/2026", "Ngày này chưa đến."),
        ("died_on", "01/01/1950", "không thể trước ngày sinh"),
        ("gender", "Nữ", "Xin chọn"),
        ("pin", "999186000123", "chỉ sửa được ngay tại cơ sở dữ liệu gốc"),
        ("given_name", "Lam", "không còn lưu"),
    ],
)
def test_what_cannot_stand_there_is_refused_and_nothing_moves(
    place: Place, column: str, written: str, sentence: str
) -> None:
    case = place.contest("X", column=column)
    before = Citizen.objects.values().get(pk=place.citizen.pk)

    with pytest.raises(RefusedError) as refused:
        correct(case, place.officer(), written)

    assert sentence in str(refused.value)
    assert Citizen.objects.values().get(pk=place.citizen.pk) == before
    assert (news(), Correction.objects.count()) == ([], 0)
    assert Discrepancy.objects.get().state == DiscrepancyState.OPEN


def test_what_stands_is_upheld_with_a_reason_and_the_person_is_told(place: Place) -> None:
    case = place.contest("Trần Thị Lam")
    officer = place.officer()
    with pytest.raises(RefusedError, match="lý do"):
        uphold(case, officer, reason="  ")

    settled = uphold(case, officer)

    assert (settled.state, settled.decision) == (DiscrepancyState.UPHELD, WHY)
    assert Citizen.objects.get(pk=place.citizen.pk).full_name == "Trần Thị Lan"
    assert news() == [("discrepancy", case.pk)]


def test_a_later_case_replaces_a_correction_and_keeps_what_the_register_says(place: Place) -> None:
    officer = place.officer()
    correct(place.contest("Trần Thị Lam"), officer, "Trần Thị Lam")

    correct(place.contest("Trần Thị Lâm"), officer, "Trần Thị Lâm")

    first, second = Correction.objects.order_by("pk")
    assert (first.settled_at, second.settled_at) == (NOW, None)
    assert (second.value, second.replaced) == ("Trần Thị Lâm", "Trần Thị Lan")


def test_taking_a_correction_back_leaves_nothing_against_the_register(place: Place) -> None:
    officer = place.officer()
    correct(place.contest("Trần Thị Lam"), officer, "Trần Thị Lam")

    correct(place.contest("Trần Thị Lan"), officer, "Trần Thị Lan")

    assert Citizen.objects.get(pk=place.citizen.pk).full_name == "Trần Thị Lan"
    assert Correction.objects.count() == 2
    assert not standing_corrections(table=FactTable.CITIZEN).exists()


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.DATA_STEWARD, True),
        (Role.CASE_OFFICER, True),
        (Role.HEAD_OF_UNIT, True),
        (Role.ADMINISTRATOR, True),
        (Role.RECEPTIONIST, False),
        (Role.AUDITOR, False),
    ],
)
def test_who_may_decide(place: Place, role: Role, may: bool) -> None:
    case = place.contest("Trần Thị Lam")
    officer = place.officer(role=role)

    if may:
        assert uphold(case, officer).state == DiscrepancyState.UPHELD
    else:
        with pytest.raises(RefusedError, match="cơ quan khác"):
            uphold(case, officer)


def test_the_office_of_another_commune_decides_nothing_here(place: Place) -> None:
    case = place.contest("Trần Thị Lam")
    elsewhere = make.GrantFactory(role=Role.DATA_STEWARD, unit=make.UnitFactory()).official.user

    with pytest.raises(RefusedError, match="cơ quan khác"):
        uphold(case, elsewhere)


@pytest.mark.parametrize("is_kin", [False, True])
def test_nobody_decides_for_self_or_family(place: Place, is_kin: bool) -> None:
    case = place.contest("Trần Thị Lam")
    official = place.citizen
    if is_kin:
        official = make.CitizenFactory()
        make.RelationFactory(person=official, relative=place.citizen)
    officer = place.officer(self_pin_index=official.pin_index)

    with pytest.raises(RefusedError, match="chính mình"):
        correct(case, officer, "Trần Thị Lam")


def test_an_older_page_decides_nothing(place: Place) -> None:
    case = place.contest("Trần Thị Lam")
    place.contest("Trần Thị Lam", note="Có thêm giấy khai sinh")

    with pytest.raises(StaleVersionError):
        uphold(case, place.officer())


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_of_two_officials_one_decides(place: Place) -> None:
    case = place.contest("Trần Thị Lam")
    one, other = place.officer(), place.officer()

    outcomes = at_once(
        lambda: correct(case, one, "Trần Thị Lam"),
        lambda: uphold(case, other),
    )

    assert [type(one) for one in outcomes if isinstance(one, Exception)] == [StaleVersionError]
    stored = Discrepancy.objects.get()
    corrected = stored.state == DiscrepancyState.CORRECTED
    assert Correction.objects.count() == corrected
    right = "Trần Thị Lam" if corrected else "Trần Thị Lan"
    assert Citizen.objects.get(pk=place.citizen.pk).full_name == right
    assert news().count(("discrepancy", case.pk)) == 1


def test_a_case_is_handed_to_the_office_that_can_settle_it(place: Place) -> None:
    committee = make.AgencyFactory(kind__key="ubnd_xa", unit=place.commune)
    case = place.contest("Trần Thị Lam", note="Xem giấy khai sinh")

    handed = hand_over_discrepancy(
        case=case, user=place.officer(), version=1, to=committee, reason="Thuộc hộ tịch", now=NOW
    )

    assert (handed.owner, handed.due_on, handed.version) == (committee, case.due_on, 2)
    first, second = handed.note.splitlines()
    assert first == "Xem giấy khai sinh"
    assert second.endswith(f"chuyển cho {committee.name_vi}: Thuộc hộ tịch")


@pytest.mark.parametrize("reason", ["", "Thuộc nơi khác"])
def test_a_case_is_not_handed_without_a_reason_or_to_anybody(place: Place, reason: str) -> None:
    stranger = make.AgencyFactory(kind__key="ubnd_xa", unit=make.UnitFactory())
    case = place.contest("Trần Thị Lam")

    with pytest.raises(RefusedError):
        hand_over_discrepancy(
            case=case, user=place.officer(), version=1, to=stranger, reason=reason, now=NOW
        )

    assert Discrepancy.objects.get().owner == place.police


def test_a_birth_year_alone_stays_a_year(place: Place) -> None:
    elder = make.CitizenFactory(elder=True, unit=place.commune)
    case = place.contest("1940", subject=elder.party, object_id=elder.pk, column="birth_date")

    correct(case, place.officer(), "1940")

    stored = Citizen.objects.get(pk=elder.pk)
    assert stored.birth_precision == BirthPrecision.YEAR
    trace = Correction.objects.get()
    assert (trace.replaced, trace.value) == (elder.birth_date.isoformat(), "1940-01-01")


def test_a_corrected_precision_is_traced_beside_the_date(place: Place) -> None:
    case = place.contest("1940", column="birth_date")

    correct(case, place.officer(), "1940")

    traces = Correction.objects.values_list("column", "replaced", "value")
    birth = place.citizen.birth_date.isoformat()
    assert sorted(traces) == [
        ("birth_date", birth, "1940-01-01"),
        ("birth_precision", "day", "year"),
    ]
