"""What the database itself promises about people: names in order, sealed numbers, no overlaps."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from citizens.models import Citizen, CitizenSensitive, ContactPoint
from portal.common.errors import SealError
from tests.factories import citizens as make

pytestmark = pytest.mark.django_db


def order_of(*names: str) -> list[str]:
    """Return names in the order that the database gives them by their keys."""
    for name in names:
        make.CitizenFactory(family_name="", middle_name="", given_name=name)
    return list(Citizen.objects.order_by("name_sort").values_list("full_name", flat=True))


@pytest.mark.parametrize(
    "names",
    [
        ["An", "Ăn", "Ân", "Bình"],
        ["Dung", "Đan", "Em"],  # đ is a letter after d, whatever follows
        ["Hoa", "Hoà", "Hoạ"],  # tones decide only between otherwise equal names
        ["Hoa", "Hòa", "Hoan"],
        ["Lan", "Lân", "Lộc", "Lương", "Lý"],
        ["O", "Ô", "Ơ", "Phú"],
        ["Uyên", "Ươm", "Vân", "Xuân", "Yến"],
    ],
)
def test_names_stand_in_vietnamese_order(names: list[str]) -> None:
    assert order_of(*reversed(names)) == names


def test_people_are_ordered_by_given_name_then_by_the_whole_name() -> None:
    for family, given in (("Trần", "Bình"), ("Đỗ", "An"), ("Dương", "An")):
        make.CitizenFactory(family_name=family, middle_name="", given_name=given)

    ordered = list(Citizen.objects.values_list("full_name", flat=True))

    assert ordered == ["Dương An", "Đỗ An", "Trần Bình"]


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Nguyễn Thị Ánh Tuyết", "nguyen thi anh tuyet"),
        ("Đặng Đức", "dang duc"),
        ("Hường Ơn Ưng", "huong on ung"),
    ],
)
def test_names_are_found_without_diacritics(name: str, folded: str) -> None:
    person = make.CitizenFactory(full_name=name)
    person.refresh_from_db()

    assert person.name_fold == folded


def test_names_written_with_separate_marks_fold_and_sort_alike() -> None:
    composed = make.CitizenFactory(full_name="Trần Thị Ngọc", given_name="Ngọc")
    separate = make.CitizenFactory(
        full_name="Tra\u0302\u0300n Thi\u0323 Ngo\u0323c", given_name="Ngo\u0323c"
    )
    for person in (composed, separate):
        person.refresh_from_db()

    assert composed.name_fold == separate.name_fold
    assert composed.name_sort == separate.name_sort


def test_a_number_is_found_by_its_index_and_opens_only_in_its_row() -> None:
    person, other = make.CitizenFactory(pin="999186000001"), make.CitizenFactory()

    assert Citizen.objects.with_pin("999186000001").get() == person
    assert Citizen.objects.get(pk=person.pk).pin == "999186000001"
    assert not Citizen.objects.with_pin("999186000009").exists()

    other.pin_enc = person.pin_enc
    with pytest.raises(SealError):
        _ = other.pin


def test_no_number_stands_in_clear_in_the_tables() -> None:
    make.CitizenFactory(pin="999186000001")
    make.ContactPointFactory(value="+84500000001")

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(c::text, '') FROM citizens_citizen c)"
            " || (SELECT string_agg(p::text, '') FROM citizens_contactpoint p)"
        )
        [stored] = cursor.fetchone()
    for clear in (b"999186000001", b"+84500000001"):
        assert clear.decode() not in stored
        assert clear.hex() not in stored


def test_a_newborn_has_no_number() -> None:
    child = make.CitizenFactory(newborn=True)

    assert Citizen.objects.get(pk=child.pk).pin is None


def test_an_address_opens_and_is_found_by_its_index() -> None:
    point = make.ContactPointFactory(value="+84500000042")

    index = ContactPoint.index_of("sms", "+84500000042")
    assert ContactPoint.objects.get(value_index=index).value == point.value == "+84500000042"


def test_sensitive_data_open_only_for_their_citizen() -> None:
    person, other = make.CitizenFactory(), make.CitizenFactory()
    sealed = CitizenSensitive.seal_body(person.seal_identity, {"ethnicity": "Cơ Tu"})
    mine = CitizenSensitive.objects.create(citizen=person, body_enc=sealed, as_of=date(2026, 1, 1))
    moved = CitizenSensitive(citizen=other, body_enc=sealed, as_of=date(2026, 1, 1))

    assert mine.body == {"ethnicity": "Cơ Tu"}
    with pytest.raises(SealError):
        _ = moved.body


def test_one_code_names_one_unit_a_day() -> None:
    make.UnitFactory(code="20194", valid=make.always(None, date(2025, 7, 1)))
    make.UnitFactory(code="20194", valid=make.always(date(2025, 7, 1)))

    refused("unit_code_once_a_day", make.UnitFactory, code="20194", valid=make.always())


def test_a_person_belongs_to_one_household_at_a_time() -> None:
    person = make.CitizenFactory()
    make.HouseholdMemberFactory(citizen=person, valid=make.always(None, date(2026, 1, 1)))
    make.HouseholdMemberFactory(citizen=person, valid=make.always(date(2026, 1, 1)))

    refused("member_of_one_household", make.HouseholdMemberFactory, citizen=person)
    then = make.always(date(2025, 6, 1), date(2026, 2, 1))
    refused("member_of_one_household_then", make.HouseholdMemberFactory, citizen=person, valid=then)


def test_a_unit_has_one_office_of_a_kind_at_a_time() -> None:
    office = make.AgencyFactory()

    refused("agency_one_office_of_a_kind", make.AgencyFactory, unit=office.unit)


def test_who_grants_cannot_confirm() -> None:
    chief = make.UserFactory(of_official=True)

    refused("grant_four_eyes", make.GrantFactory, granted_by=chief, confirmed_by=chief)


def test_an_account_is_a_citizens_or_an_officials() -> None:
    refused("user_citizen_or_official", make.UserFactory, kind="official")


def test_nobody_is_given_authority_over_oneself() -> None:
    person = make.CitizenFactory()

    refused("authority_not_over_self", make.AuthorityFactory, actor=person, for_party=person.party)


def test_a_paper_does_not_expire_before_it_was_issued() -> None:
    refused(
        "credential_expires_after_issue",
        make.CredentialFactory,
        issued_on=date(2026, 1, 2),
        expires_on=date(2026, 1, 1),
    )


def refused(constraint: str, factory: type, **values: object) -> None:
    """Expect the database itself to refuse a row, by the name of its constraint."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factory(**values)
