"""One open case a stored value, whoever doubts it; owners, due dates and masks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from citizens.enums import DiscrepancyKind, DiscrepancyState, FactTable
from citizens.models import Agency, Citizen, Discrepancy, Holiday, Register, Unit, User
from citizens.selectors import AgencyMissingError
from citizens.services import Found, open_discrepancies, open_discrepancy
from tests.factories import citizens as make

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 20)


@dataclass
class Place:
    """A person of a commune whose police answer for the population register."""

    citizen: Citizen
    user: User
    register: Register
    commune: Unit
    police: Agency

    def contest(self, stated: str, **other: Any) -> Discrepancy:
        """Contest the person's name, as the person."""
        return self.open(stated, kind=DiscrepancyKind.CONTESTED, raised_by=self.user, **other)

    def open(self, stated: str, **other: Any) -> Discrepancy:
        """Open a case about the person's name."""
        values: dict[str, Any] = {
            "subject": self.citizen.party,
            "kind": DiscrepancyKind.NAME,
            "table": FactTable.CITIZEN,
            "object_id": self.citizen.pk,
            "column": "full_name",
            "register": self.register,
            "held_value": self.citizen.full_name,
            "stated_value": stated,
            "day": FRIDAY,
        }
        return open_discrepancy(**(values | other))

    def found(self, stated: str = "Trần Thị Lam") -> Found:
        """Return the same disagreement as an import finds it."""
        return Found(
            subject_id=self.citizen.pk,
            kind=DiscrepancyKind.NAME,
            table=FactTable.CITIZEN,
            object_id=self.citizen.pk,
            column="full_name",
            register="NPD",
            other_register=make.RegisterFactory(code="CIVIL").code,
            held_value=self.citizen.full_name,
            stated_value=stated,
        )


def _place() -> Place:
    city = make.UnitFactory(province=True)
    commune = make.UnitFactory(parent=city)
    police = make.AgencyFactory(kind__key="cong_an_xa", unit=commune)
    register = make.RegisterFactory(code="NPD")
    register.steward_kind = police.kind
    register.save()
    citizen = make.CitizenFactory(unit=commune, register=register)
    return Place(citizen, make.UserFactory(citizen=citizen), register, commune, police)


@pytest.fixture
def place() -> Place:
    return _place()


@pytest.mark.parametrize(
    ("kind", "due_on"),
    [
        (DiscrepancyKind.CONTESTED, date(2026, 12, 4)),  # 10 working days after a Friday
        (DiscrepancyKind.NAME, date(2026, 12, 18)),  # 20: registers must ask each other
    ],
)
def test_a_case_has_an_owner_and_a_due_date(
    place: Place, kind: DiscrepancyKind, due_on: date
) -> None:
    case = place.open("Trần Thị Lam", kind=kind)

    assert case.owner == place.police
    assert (case.opened_on, case.due_on) == (FRIDAY, due_on)
    assert (case.state, case.version) == (DiscrepancyState.OPEN, 1)


def test_a_holiday_moves_the_due_date(place: Place) -> None:
    Holiday.objects.create(day=date(2026, 11, 24), name_vi="Ngày Văn hóa Việt Nam")

    assert place.contest("Trần Thị Lam").due_on == date(2026, 12, 7)


@pytest.mark.parametrize("kinds", [["ubnd_xa"], ["ubnd_tinh"], ["ubnd_xa", "ubnd_tinh"]])
def test_where_no_steward_serves_the_committee_does(place: Place, kinds: list[str]) -> None:
    Agency.objects.filter(pk=place.police.pk).update(valid=make.always(None, FRIDAY))
    unit = {"ubnd_xa": place.commune, "ubnd_tinh": place.commune.parent}
    first, *_rest = [make.AgencyFactory(kind__key=kind, unit=unit[kind]) for kind in kinds]

    assert place.contest("Trần Thị Lam").owner == first


def test_without_any_office_the_caller_is_told(place: Place) -> None:
    Agency.objects.update(valid=make.always(None, FRIDAY))

    with pytest.raises(AgencyMissingError):
        place.contest("Trần Thị Lam")


def test_the_words_of_the_person_are_sealed(place: Place) -> None:
    case = place.contest("Trần Thị Lam", note="Giấy khai sinh của tôi ghi Lam")

    stored = Discrepancy.objects.get(pk=case.pk)
    assert stored.note == "Giấy khai sinh của tôi ghi Lam"
    assert b"Lam" not in bytes(stored.note_enc or b"")


@pytest.mark.parametrize(
    ("column", "value", "kept"),
    [
        ("pin", "999186000123", "999•••••0123"),
        ("number", "999000123456", "••••••••3456"),
        ("card_number", "999000123456", "••••••••3456"),
        ("phone", "+84500001234", "050•••1234"),
        ("full_name", "Trần Thị Lan", "Trần Thị Lan"),
        ("current_address", "12 Trần Phú (999186000123)", "12 Trần Phú (999•••••0123)"),
        ("current_address", "Thôn 1, gọi 0500001234", "Thôn 1, gọi 050•••1234"),
        ("current_address", "Thôn 1, số cũ 200123456", "Thôn 1, số cũ •••••3456"),
        ("birth_date", "1986-05-17", "1986-05-17"),
    ],
)
def test_no_identifier_is_stored_in_clear(place: Place, column: str, value: str, kept: str) -> None:
    case = place.open(value, column=column, held_value=value)

    stored = Discrepancy.objects.get(pk=case.pk)
    assert (stored.held_value, stored.stated_value) == (kept, kept)


def test_who_contests_what_registers_doubt_joins_their_case(place: Place) -> None:
    between_registers = place.open("Trần Thị Lam")

    joined = place.contest("Trần Thị Lâm", note="Xem giấy khai sinh")

    assert joined.pk == between_registers.pk
    assert joined.stated_value == "Trần Thị Lam"
    assert joined.note == "Người dân cho là đúng: Trần Thị Lâm\nXem giấy khai sinh"
    assert (joined.raised_by, joined.due_on) == (place.user, date(2026, 12, 4))
    assert joined.version == 2


def test_saying_the_same_twice_changes_nothing(place: Place) -> None:
    place.contest("Trần Thị Lam", note="Xem giấy khai sinh")

    again = place.contest("Trần Thị Lam", note="Xem giấy khai sinh")

    assert (again.version, again.note) == (1, "Xem giấy khai sinh")
    assert Discrepancy.objects.count() == 1


def test_a_settled_case_leaves_room_for_a_new_one(place: Place) -> None:
    first = place.contest("Trần Thị Lam")
    Discrepancy.objects.filter(pk=first.pk).update(state=DiscrepancyState.WITHDRAWN)

    assert place.contest("Trần Thị Lam").pk != first.pk


def test_an_import_opens_many_once(place: Place) -> None:
    others = [replace(place, citizen=make.CitizenFactory(unit=place.commune)) for _ in range(5)]
    rows = [one.found() for one in (place, *others)]

    first = open_discrepancies(rows=[*rows, rows[0]], day=FRIDAY, batch=None)
    again = open_discrepancies(rows=rows, day=FRIDAY, batch=None)

    assert (first, again) == (6, 0)
    stored = Discrepancy.objects.get(subject=place.citizen.party)
    assert (stored.owner, stored.due_on) == (place.police, date(2026, 12, 18))
    assert (stored.other_register_id, stored.stated_value) == ("CIVIL", "Trần Thị Lam")
    assert stored.public_id


def test_many_rows_cost_as_many_queries_as_few(place: Place) -> None:
    people = [replace(place, citizen=make.CitizenFactory(unit=place.commune)) for _ in range(20)]
    rows = [one.found() for one in people]

    with CaptureQueriesContext(connection) as few:
        open_discrepancies(rows=rows[:1], day=FRIDAY, batch=None)
    with CaptureQueriesContext(connection) as many:
        open_discrepancies(rows=rows, day=FRIDAY, batch=None)

    assert len(many) == len(few)


def test_nothing_found_opens_nothing_and_too_much_is_refused(place: Place) -> None:
    assert open_discrepancies(rows=[], day=FRIDAY, batch=None) == 0
    with pytest.raises(ValueError, match="10001 discrepancies"):
        open_discrepancies(rows=[place.found()] * 10_001, day=FRIDAY, batch=None)


class ManyOpinions(TestCase):
    """However many values are stated, and by whom, one case is open and nobody's words are lost."""

    @settings(max_examples=20)
    @given(st.lists(st.tuples(st.sampled_from("ABCD"), st.booleans()), min_size=1, max_size=6))
    def test_one_case_holds_all_of_them(self, opinions: list[tuple[str, bool]]) -> None:
        place = _place()

        cases = [
            place.contest(f"Trần {name}") if by_person else place.open(f"Trần {name}")
            for name, by_person in opinions
        ]

        case = Discrepancy.objects.get()
        assert {one.pk for one in cases} == {case.pk}
        told = case.note + case.stated_value
        assert all(f"Trần {name}" in told for name, by_person in opinions if by_person)
