from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from citizens.enums import FactKind, LifeEventKind
from citizens.models import (
    Authority,
    Citizen,
    CitizenSensitive,
    ContactPoint,
    FactChange,
    HouseholdMember,
    LifeEvent,
    RegisterRecord,
    Relation,
)
from tests.citizens.importing.scene import BE, LAN, MINH, bring, minh, person, set_the_scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scene() -> None:
    set_the_scene()


def test_a_person_is_stored_with_everything_that_the_register_says(tmp_path: Path) -> None:
    done = bring(tmp_path, "NPD.person", person(phone="0501 234 567"), as_of=date(2026, 11, 20))

    lan = Citizen.objects.get()
    assert (lan.pin, lan.full_name, lan.birth_date) == (LAN, "Trần Thị Lan", date(1985, 2, 1))
    assert (lan.family_name, lan.middle_name, lan.given_name) == ("Trần", "Thị", "Lan")
    assert (lan.unit.code, lan.permanent_address) == ("20194", "12 Lê Lợi")
    assert (lan.register_id, lan.batch, lan.as_of) == ("NPD", done.batch, date(2026, 11, 20))
    assert ContactPoint.objects.get().value == "+84501234567"
    assert CitizenSensitive.objects.get().body == {"ethnicity": "Kinh"}
    assert RegisterRecord.objects.get().body == {"hometown": "Đại Lộc"}
    assert FactChange.objects.filter(kind=FactKind.CITIZEN, subject=lan.pk).count() == 1
    assert (done.batch.row_count, done.batch.created_count, done.kinds) == (1, 1, {})


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(), minh())
    before = list(Citizen.objects.order_by("pk").values())
    FactChange.objects.all().delete()

    again = bring(tmp_path, "NPD.person", person(), minh())

    assert again.was_done
    assert list(Citizen.objects.order_by("pk").values()) == before
    assert not FactChange.objects.exists()


def test_only_newer_data_replace_what_is_held(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(), as_of=date(2026, 11, 10))

    older = bring(tmp_path, "NPD.person", person(current_address="Cũ"), as_of=date(2026, 11, 1))
    assert Citizen.objects.get().current_address == "12 Lê Lợi"
    assert (older.batch.stale_count, older.batch.changed_count) == (1, 0)

    newer = bring(tmp_path, "NPD.person", person(current_address="Mới"), as_of=date(2026, 11, 20))
    lan = Citizen.objects.get()
    assert (lan.current_address, lan.as_of, lan.version) == ("Mới", date(2026, 11, 20), 2)
    assert (newer.batch.changed_count, newer.batch.unchanged_count) == (1, 0)


def test_what_is_confirmed_becomes_younger_without_news(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(), as_of=date(2026, 11, 10))
    FactChange.objects.all().delete()

    done = bring(tmp_path, "NPD.person", person(), as_of=date(2026, 11, 20))

    assert Citizen.objects.get().as_of == date(2026, 11, 20)
    assert done.batch.unchanged_count == 1
    assert not FactChange.objects.exists()


def test_an_empty_value_leaves_what_is_held(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(permanent_address="9 Trần Phú"), as_of=date(2026, 11, 1))

    bring(tmp_path, "NPD.person", person(permanent_address=""), as_of=date(2026, 11, 2))

    assert Citizen.objects.get().permanent_address == "9 Trần Phú"


def test_family_and_household_are_tied_whatever_the_order_of_rows(tmp_path: Path) -> None:
    home = {"household_number": "HK0001"}
    child = person(
        BE,
        full_name="Lê Bé",
        birth_date="07/08/2019",
        father_pin=MINH,
        mother_pin=LAN,
        relation_to_head="Con",
        **home,
    )

    bring(
        tmp_path,
        "NPD.person",
        child,
        person(spouse_pin=MINH, relation_to_head="Vợ", **home),
        minh(spouse_pin=LAN, relation_to_head="Chủ hộ", **home),
    )

    kin = set(Relation.objects.values_list("person__full_name", "relative__full_name", "kind"))
    assert kin == {
        ("Lê Văn Minh", "Lê Bé", "father"),
        ("Trần Thị Lan", "Lê Bé", "mother"),
        ("Lê Văn Minh", "Trần Thị Lan", "spouse"),
        ("Trần Thị Lan", "Lê Văn Minh", "spouse"),
    }
    parents = Authority.objects.standing(date(2026, 11, 26)).filter(basis="parent")
    assert set(parents.values_list("actor__full_name", flat=True)) == {
        "Lê Văn Minh",
        "Trần Thị Lan",
    }
    members = HouseholdMember.objects.values_list("citizen__full_name", "is_head")
    assert set(members) == {("Lê Bé", False), ("Trần Thị Lan", False), ("Lê Văn Minh", True)}


def test_who_moves_changes_household_and_is_told_to_the_scan(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(household_number="HK1"), as_of=date(2026, 10, 1))

    bring(
        tmp_path,
        "NPD.person",
        person(household_number="HK2", unit_code="20197"),
        as_of=date(2026, 11, 1),
    )

    members = HouseholdMember.objects.order_by("pk")
    assert [(m.household.book_number, m.valid.upper) for m in members] == [
        ("HK1", date(2026, 11, 1)),
        ("HK2", None),
    ]
    moved = LifeEvent.objects.get(kind=LifeEventKind.MOVED)
    assert (moved.occurred_on, moved.unit and moved.unit.code) == (date(2026, 11, 1), "20197")
    assert moved.parties.get().party_id == Citizen.objects.get().pk


def test_a_phone_of_two_people_is_marked_and_a_former_one_no_longer_counts(
    tmp_path: Path,
) -> None:
    bring(tmp_path, "NPD.person", person(phone="0501111111"), as_of=date(2026, 10, 1))

    bring(
        tmp_path,
        "NPD.person",
        person(phone="0502222222"),
        minh(phone="0502222222"),
        as_of=date(2026, 11, 1),
    )

    former, *shared = ContactPoint.objects.order_by("pk")
    assert (former.value, former.verified_at) == ("+84501111111", None)
    assert [(p.value, p.shared) for p in shared] == [("+84502222222", True)] * 2


def test_an_elder_may_have_only_a_year(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person("999138000009", birth_date="1938"))

    elder = Citizen.objects.get()
    assert (elder.birth_date, elder.birth_precision) == (date(1938, 1, 1), "year")
