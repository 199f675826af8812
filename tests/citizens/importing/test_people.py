from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db.models import F

from citizens.enums import FactKind, LifeEventKind
from citizens.models import (
    Authority,
    Citizen,
    CitizenSensitive,
    ContactPoint,
    Correction,
    FactChange,
    Household,
    HouseholdMember,
    LifeEvent,
    RegisterRecord,
    Rejection,
    Relation,
)
from tests.citizens.importing.scene import BE, LAN, MINH, bring, minh, person, set_the_scene
from tests.factories.citizens import OfficialFactory

pytestmark = pytest.mark.django_db
SUMMER, AUTUMN = date(2026, 7, 1), date(2026, 10, 1)


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
    phone = ContactPoint.objects.get()
    assert phone.value == "+84501234567"
    assert bytes(phone.value_index) == ContactPoint.index_of("sms", "+84501234567")
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


def test_what_stands_under_a_number_that_nobody_holds_is_added_to(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(), as_of=date(2026, 11, 10))
    Citizen.objects.update(pin_index=None, pin_enc=None)

    row = person(hometown="", nationality="Việt Nam")
    done = bring(tmp_path, "NPD.person", row, as_of=date(2026, 11, 20))

    assert RegisterRecord.objects.get().body == {"hometown": "Đại Lộc", "nationality": "Việt Nam"}
    assert (done.batch.created_count, done.kinds) == (1, {})


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


def test_a_number_that_somebody_gave_stays_theirs_when_the_register_moves_on(
    tmp_path: Path,
) -> None:
    bring(tmp_path, "NPD.person", person(), as_of=date(2026, 9, 1))
    own = "+84501111111"
    given = ContactPoint.objects.create(
        party=Citizen.objects.get().party,
        channel="sms",
        value_enc=ContactPoint.seal_value("sms", own),
        value_index=ContactPoint.index_of("sms", own),
        verified_at=datetime(2026, 9, 15, tzinfo=UTC),
    )

    bring(tmp_path, "NPD.person", person(phone="0501111111"), as_of=date(2026, 10, 1))
    bring(tmp_path, "NPD.person", person(phone="0502222222"), as_of=date(2026, 11, 1))

    given.refresh_from_db()
    assert (given.batch_id, given.verified_at is not None) == (None, True)
    assert ContactPoint.objects.count() == 2


def test_a_number_that_its_holder_refused_is_not_verified_by_a_register_again(
    tmp_path: Path,
) -> None:
    bring(tmp_path, "NPD.person", person(phone="0501111111"), as_of=date(2026, 10, 1))
    ContactPoint.objects.update(verified_at=None, refused_at=datetime(2026, 10, 15, tzinfo=UTC))

    bring(tmp_path, "NPD.person", person(phone="0501111111"), as_of=date(2026, 11, 1))

    assert ContactPoint.objects.get().verified_at is None


def test_a_household_moves_with_its_head(tmp_path: Path) -> None:
    home = {"household_number": "HK1"}
    lan = person(**home, relation_to_head="Vợ")
    bring(tmp_path, "NPD.person", lan, minh(**home, relation_to_head="Chủ hộ"), as_of=SUMMER)

    bring(
        tmp_path,
        "NPD.person",
        lan | {"current_address": "Nhà mẹ"},
        minh(**home, relation_to_head="CHỦ HỘ", unit_code="20197", current_address="5 Trần Phú"),
        as_of=AUTUMN,
        slice_lines=1,
    )
    bring(tmp_path, "NPD.person", lan | {"current_address": "Cũ"}, as_of=SUMMER)

    held = Household.objects.get()
    assert (held.unit.code, held.address, held.as_of) == ("20197", "5 Trần Phú", AUTUMN)


def test_a_household_whose_head_is_not_delivered_moves_with_its_first_row(tmp_path: Path) -> None:
    home = {"household_number": "HK1"}
    bring(tmp_path, "NPD.person", person(**home), minh(**home), as_of=SUMMER)

    moved = person(**home, current_address="7 Trần Phú")
    bring(tmp_path, "NPD.person", moved, minh(**home), as_of=AUTUMN)

    held = Household.objects.get()
    assert (held.address, held.as_of) == ("7 Trần Phú", AUTUMN)


def test_a_household_corrected_on_the_same_day_is_the_only_one(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(household_number="HK1"), as_of=SUMMER)

    right = person(household_number="HK2", relation_to_head="Chủ hộ")
    bring(tmp_path, "NPD.person", right, as_of=SUMMER)

    member = HouseholdMember.objects.get()
    assert (member.household.book_number, member.is_head) == ("HK2", True)
    assert (member.valid.lower, member.valid.upper) == (SUMMER, None)


def test_who_is_listed_as_emigrated_no_longer_is_back(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(emigrated_on="01/01/2020"), as_of=SUMMER)
    bring(tmp_path, "NPD.person", person(current_address="Mới"), as_of=date(2026, 9, 1))
    assert Citizen.objects.get().emigrated_on == date(2020, 1, 1)

    done = bring(tmp_path, "NPD.person", person(emigrated_on=""), as_of=AUTUMN)

    assert Citizen.objects.get().emigrated_on is None
    assert done.batch.changed_count == 1


def test_a_corrected_emigration_stands_until_the_register_says_so_too(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(emigrated_on="01/01/2020"), as_of=SUMMER)
    lan = Citizen.objects.get()
    Citizen.objects.update(emigrated_on=None)
    correction = Correction.objects.create(
        subject=lan.party,
        register_id="NPD",
        table="citizen",
        object_id=lan.pk,
        column="emigrated_on",
        value="",
        replaced="2020-01-01",
        as_of=date(2026, 8, 1),
        decided_by=OfficialFactory().user,
    )

    bring(tmp_path, "NPD.person", person(emigrated_on="01/01/2020"), as_of=date(2026, 9, 1))
    correction.refresh_from_db()
    assert (Citizen.objects.get().emigrated_on, correction.settled_at) == (None, None)

    bring(tmp_path, "NPD.person", person(emigrated_on=""), as_of=AUTUMN)
    correction.refresh_from_db()
    assert Citizen.objects.get().emigrated_on is None
    assert correction.settled_at is not None


def test_sensitive_values_that_a_delivery_does_not_state_are_kept(tmp_path: Path) -> None:
    said = person(religion="Phật giáo")
    bring(tmp_path, "NPD.person", said, minh(), as_of=SUMMER)

    bring(
        tmp_path,
        "NPD.person",
        person(ethnicity="Cơ Tu"),
        minh(ethnicity="Kinh"),
        as_of=AUTUMN,
    )
    older = person(ethnicity="Hoa", blood_type="O")
    bring(tmp_path, "NPD.person", older, as_of=SUMMER)

    lan, of_minh = CitizenSensitive.objects.order_by("citizen__full_name").reverse()
    assert lan.body == {"ethnicity": "Cơ Tu", "religion": "Phật giáo"}
    assert (lan.as_of, of_minh.body) == (AUTUMN, {"ethnicity": "Kinh"})


def test_who_was_changed_during_the_import_is_named_and_not_written_over(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person(), minh(), as_of=SUMMER)

    def change_minh(phase: str, line: int) -> None:
        if (phase, line) == ("writing", 2):
            decided = Citizen.objects.with_pin(MINH)
            decided.update(version=F("version") + 1, current_address="5 Trần Phú")

    rows = [person(current_address="Mới 1"), minh(current_address="Mới 2", phone="0501111111")]
    done = bring(tmp_path, "NPD.person", *rows, as_of=AUTUMN, slice_lines=2, progress=change_minh)

    held = Citizen.objects.values_list("current_address", "as_of").order_by("full_name")
    assert list(held) == [("5 Trần Phú", SUMMER), ("Mới 1", AUTUMN)]
    assert done.kinds == {"changed_meanwhile": 1}
    counts = (done.batch.changed_count, done.batch.unchanged_count, done.batch.rejected_count)
    assert (counts, Rejection.objects.get().line) == ((1, 0, 1), 3)
    assert not ContactPoint.objects.exists()


def test_an_elder_may_have_only_a_year(tmp_path: Path) -> None:
    bring(tmp_path, "NPD.person", person("999138000009", birth_date="1938"))

    elder = Citizen.objects.get()
    assert (elder.birth_date, elder.birth_precision) == (date(1938, 1, 1), "year")
