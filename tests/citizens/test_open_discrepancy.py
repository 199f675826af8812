"""One open case a stored value, whoever doubts it; owners, due dates and masks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from citizens.enums import DiscrepancyKind, DiscrepancyState
from citizens.models import Agency, Discrepancy, Holiday
from citizens.selectors import AgencyMissingError
from citizens.services import open_discrepancies
from tests.citizens.doubts import FRIDAY, Place, make_place
from tests.factories import citizens as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place()


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
    civil = make.RegisterFactory(code="CIVIL")
    between_registers = place.open("Trần Thị Lam", other_register=civil)

    joined = place.contest("Trần Thị Lâm", note="Xem giấy khai sinh")

    assert joined.pk == between_registers.pk
    assert (joined.kind, joined.other_register) == (DiscrepancyKind.CONTESTED, None)
    assert joined.stated_value == "Trần Thị Lâm"
    assert joined.note == "Cơ sở dữ liệu CIVIL ghi: Trần Thị Lam\nXem giấy khai sinh"
    assert (joined.raised_by, joined.due_on) == (place.user, date(2026, 12, 4))
    assert joined.version == 2


def test_who_agrees_with_the_other_register_leaves_it_in_the_case(place: Place) -> None:
    civil = make.RegisterFactory(code="CIVIL")
    place.open("Trần Thị Lam", other_register=civil)

    joined = place.contest("Trần Thị Lam")

    assert (joined.kind, joined.other_register) == (DiscrepancyKind.NAME, civil)
    assert (joined.raised_by, joined.note) == (place.user, "")


def test_of_two_people_the_first_one_s_value_stands(place: Place) -> None:
    father = make.UserFactory()
    place.contest("Trần Thị Lam")

    joined = place.contest("Trần Thị Lâm", raised_by=father)

    assert (joined.stated_value, joined.raised_by) == ("Trần Thị Lam", place.user)
    assert joined.note == "Người dân cho là đúng: Trần Thị Lâm"


def test_a_number_that_a_person_states_is_readable_under_seal_only(place: Place) -> None:
    case = place.contest("999000123456", column="number", held_value="999000123450")

    assert (case.held_value, case.stated_value) == ("••••••••3450", "••••••••3456")
    assert case.note == "Người dân cho là đúng: 999000123456"


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


@pytest.mark.parametrize(
    ("state", "held", "stated", "opened"),
    [
        (DiscrepancyState.UPHELD, "Trần Thị Lan", "Trần Thị Lam", 0),
        (DiscrepancyState.UPHELD, "Trần Thị Lan", "Trần Thị Lâm", 1),  # the other one moved
        (DiscrepancyState.UPHELD, "Trần Thị Loan", "Trần Thị Lam", 1),  # the fact moved
        (DiscrepancyState.WITHDRAWN, "Trần Thị Lan", "Trần Thị Lam", 1),
    ],
)
def test_what_was_decided_is_not_asked_with_every_delivery(
    place: Place, state: DiscrepancyState, held: str, stated: str, opened: int
) -> None:
    open_discrepancies(rows=[place.found()], day=FRIDAY, batch=None)
    decided_at = datetime(2026, 11, 23, tzinfo=UTC)
    Discrepancy.objects.update(state=state, decided_by=place.user, decided_at=decided_at)

    again = replace(place.found(stated), held_value=held)

    assert open_discrepancies(rows=[again], day=FRIDAY, batch=None) == opened


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
        place = make_place()
        civil = make.RegisterFactory(code="CIVIL")

        cases = [
            place.contest(f"Trần {name}")
            if by_person
            else place.open(f"Trần {name}", other_register=civil)
            for name, by_person in opinions
        ]

        case = Discrepancy.objects.get()
        assert {one.pk for one in cases} == {case.pk}
        told = case.note + case.stated_value
        first_register = next((name for name, by_person in opinions[:1] if not by_person), None)
        said = {name for name, by_person in opinions if by_person} | {first_register}
        assert all(f"Trần {name}" in told for name in said if name)
