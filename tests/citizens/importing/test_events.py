"""Life events: once, whatever the order of deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from citizens.enums import FactKind
from citizens.models import (
    Batch,
    Citizen,
    FactChange,
    LifeEvent,
    RegisterRecord,
    Relation,
    Unit,
    UnitSuccession,
)
from tests.citizens.importing.samples import (
    BE,
    GIA,
    HOA,
    PEOPLE,
    PLACE,
    SAMPLES,
    bring_people,
)
from tests.citizens.importing.scene import LAN, MINH, Row, bring, set_the_scene

pytestmark = pytest.mark.django_db
FIRST, LATER, LAST = date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 24)
NOTICE, BIRTH = SAMPLES["HEALTH.birth_notice"], SAMPLES["CIVIL.birth"]
MARRIAGE = SAMPLES["CIVIL.marriage"]
OTHER_HALF = {**MARRIAGE, "pin": MINH, "spouse_pin": LAN}


@pytest.fixture(autouse=True)
def _scene() -> None:
    set_the_scene()


def row_of(pin: str, **changes: str) -> Row:
    """Return the population register's row of one of the family."""
    return {**next(row for row in PEOPLE if row["pin"] == pin), **changes}


def parties(kind: str) -> set[tuple[str, str]]:
    """Return who takes part in the one event of this kind."""
    event = LifeEvent.objects.get(kind=kind)
    return set(event.parties.values_list("party__citizen__full_name", "role"))


def news(kind: FactKind = FactKind.LIFE_EVENT) -> set[str]:
    """Return about whom there is news of this kind, and take it."""
    found = FactChange.objects.filter(kind=kind)
    names = set(found.values_list("subject__citizen__full_name", flat=True))
    found.delete()
    return names


def without(row: Row, *columns: str) -> Mapping[str, str]:
    return {name: value for name, value in row.items() if name not in columns}


class TestBirths:
    def test_a_notice_names_the_father_only_where_the_register_does(self, tmp_path: Path) -> None:
        bring_people(tmp_path)

        bring(tmp_path, "HEALTH.birth_notice", without(NOTICE, "father_pin"))

        assert parties("birth_notified") == {("Trần Thị Lan", "mother")}

    def test_a_merged_record_is_told_of_as_the_one_that_stays(self, tmp_path: Path) -> None:
        bring_people(tmp_path)
        stays = Citizen.objects.with_pin(HOA).get()
        Citizen.objects.with_pin(MINH).update(survivor=stays)

        bring(tmp_path, "HEALTH.birth_notice", NOTICE)

        assert parties("birth_notified") == {("Trần Thị Lan", "mother"), (str(stays), "father")}

    def test_a_father_who_is_known_later_joins_the_same_event(self, tmp_path: Path) -> None:
        bring(tmp_path, "NPD.person", row_of(LAN), as_of=FIRST)
        bring(tmp_path, "HEALTH.birth_notice", NOTICE, as_of=FIRST)
        assert parties("birth_notified") == {("Trần Thị Lan", "mother")}
        bring(tmp_path, "NPD.person", row_of(MINH), as_of=LATER)
        news()

        bring(tmp_path, "HEALTH.birth_notice", NOTICE, as_of=LATER)

        assert parties("birth_notified") == {("Trần Thị Lan", "mother"), ("Lê Văn Minh", "father")}
        assert news() == {"Lê Văn Minh"}

    def test_a_birth_of_an_unknown_child_waits_for_the_population_register(
        self, tmp_path: Path
    ) -> None:
        bring(tmp_path, "NPD.person", row_of(LAN), row_of(MINH), as_of=FIRST)

        early = bring(tmp_path, "CIVIL.birth", BIRTH, as_of=FIRST)

        assert (early.kinds, LifeEvent.objects.count()) == ({"subject_unknown": 1}, 0)
        assert early.batch.rejections.get().column == "pin"
        assert early.errors is not None
        bring(tmp_path, "NPD.person", row_of(BE, father_pin="", mother_pin=""), as_of=LATER)

        again = bring(tmp_path, "CIVIL.birth", path=early.errors, as_of=FIRST)

        assert again.kinds == {}
        assert parties("birth_registered") == {
            ("Lê Thị Bé", "child"),
            ("Trần Thị Lan", "mother"),
            ("Lê Văn Minh", "father"),
        }
        kin = Relation.objects.filter(relative__full_name="Lê Thị Bé")
        assert set(kin.values_list("person__full_name", "kind")) == {
            ("Trần Thị Lan", "mother"),
            ("Lê Văn Minh", "father"),
        }

    def test_a_child_is_registered_once_also_under_another_number(self, tmp_path: Path) -> None:
        bring_people(tmp_path)
        bring(tmp_path, "CIVIL.birth", BIRTH, as_of=FIRST)

        bring(tmp_path, "CIVIL.birth", {**BIRTH, "number": "12/2026"}, as_of=LATER)

        assert LifeEvent.objects.filter(kind="birth_registered").count() == 1
        assert RegisterRecord.objects.get(kind="birth").body["number"] == "12/2026"


class TestMarriages:
    BOTH = {("Trần Thị Lan", "spouse"), ("Lê Văn Minh", "spouse")}

    def test_two_rows_are_one_event(self, tmp_path: Path) -> None:
        bring_people(tmp_path)

        bring(tmp_path, "CIVIL.marriage", MARRIAGE, OTHER_HALF)

        assert parties("marriage") == self.BOTH
        assert RegisterRecord.objects.filter(kind="marriage").count() == 2

    def test_two_deliveries_are_one_event(self, tmp_path: Path) -> None:
        bring(tmp_path, "NPD.person", row_of(LAN, spouse_pin=""), as_of=FIRST)
        bring(tmp_path, "CIVIL.marriage", MARRIAGE, as_of=FIRST)
        assert parties("marriage") == {("Trần Thị Lan", "spouse")}
        bring(tmp_path, "NPD.person", row_of(MINH, spouse_pin=""), as_of=LATER)

        bring(tmp_path, "CIVIL.marriage", OTHER_HALF, as_of=LATER)

        assert parties("marriage") == self.BOTH
        ties = Relation.objects.filter(kind="spouse").values_list("valid", flat=True)
        assert [tie.lower for tie in ties] == [date(2010, 2, 14)] * 2

    def test_the_same_number_of_another_commune_is_another_marriage(self, tmp_path: Path) -> None:
        bring_people(tmp_path)
        elders = {"pin": GIA, "spouse_pin": HOA, "place": "Ủy ban nhân dân xã Nam Phước"}

        done = bring(tmp_path, "CIVIL.marriage", MARRIAGE, {**MARRIAGE, **elders})

        assert (done.kinds, LifeEvent.objects.filter(kind="marriage").count()) == ({}, 2)

    def test_a_corrected_date_moves_the_event_and_is_told_to_both(self, tmp_path: Path) -> None:
        bring_people(tmp_path)
        bring(tmp_path, "CIVIL.marriage", MARRIAGE, as_of=LATER)
        news()

        bring(tmp_path, "CIVIL.marriage", {**MARRIAGE, "date": "15/02/2010"}, as_of=LAST)
        bring(tmp_path, "CIVIL.marriage", {**MARRIAGE, "date": "01/01/2010"}, as_of=FIRST)

        event = LifeEvent.objects.get(kind="marriage")
        assert (event.occurred_on, event.as_of) == (date(2010, 2, 15), LAST)
        assert news() == {"Trần Thị Lan", "Lê Văn Minh"}

    def test_what_is_delivered_again_is_no_news(self, tmp_path: Path) -> None:
        bring_people(tmp_path)
        bring(tmp_path, "CIVIL.marriage", MARRIAGE, OTHER_HALF, as_of=FIRST)
        FactChange.objects.all().delete()

        bring(tmp_path, "CIVIL.marriage", OTHER_HALF, MARRIAGE, as_of=LATER)

        assert not FactChange.objects.exists()


class TestOthers:
    def test_a_successor_of_the_unit_is_no_move(self, tmp_path: Path) -> None:
        bring(tmp_path, "NPD.person", row_of(LAN), as_of=FIRST)
        held = Citizen.objects.get().unit
        successor = Unit.objects.get(code="20197", valid__contains=LATER)
        UnitSuccession.objects.create(old=held, new=successor, whole=True)

        bring(tmp_path, "NPD.person", row_of(LAN, unit_code="20197"), as_of=LATER)

        assert Citizen.objects.get().unit == successor
        assert not LifeEvent.objects.filter(kind="moved").exists()

    def test_a_status_that_is_confirmed_is_no_news_and_a_change_is(self, tmp_path: Path) -> None:
        bring_people(tmp_path)
        status = SAMPLES["POV.household"]
        bring(tmp_path, "POV.household", status, as_of=FIRST)

        confirmed = {**status, "expires_on": "31/12/2027"}
        bring(tmp_path, "POV.household", confirmed, as_of=LATER)
        assert LifeEvent.objects.count() == 1
        changed = {**confirmed, "household_status": "Hộ nghèo", "issued_on": "24/11/2026"}
        bring(tmp_path, "POV.household", changed, as_of=LAST)

        days = LifeEvent.objects.order_by("occurred_on").values_list("occurred_on", flat=True)
        assert list(days) == [date(2026, 1, 1), date(2026, 11, 24)]

    def test_a_status_that_is_confirmed_under_a_new_number_is_no_news(self, tmp_path: Path) -> None:
        bring_people(tmp_path)
        status = SAMPLES["POV.household"]
        confirmed = {**status, "number": "HCN-0002", "issued_on": "20/11/2026"}
        changed = {**confirmed, "number": "HCN-0003", "household_status": "Hộ nghèo"}
        changed["issued_on"] = "23/11/2026"

        bring(tmp_path, "POV.household", status, as_of=FIRST)
        bring(tmp_path, "POV.household", status, confirmed, as_of=LATER)
        assert LifeEvent.objects.count() == 1
        bring(tmp_path, "POV.household", status, confirmed, changed, as_of=LAST)
        bring(tmp_path, "POV.household", status, confirmed, changed, as_of=date(2026, 11, 25))

        days = LifeEvent.objects.order_by("occurred_on").values_list("occurred_on", flat=True)
        assert list(days) == [date(2026, 1, 1), date(2026, 11, 23)]

    def test_a_firm_whose_head_is_known_later_is_registered_once(self, tmp_path: Path) -> None:
        firm = SAMPLES["BUS.business"]
        bring(tmp_path, "BUS.business", firm, as_of=FIRST)
        bring_people(tmp_path)

        bring(tmp_path, "BUS.business", firm, as_of=LATER)

        assert LifeEvent.objects.filter(kind="business_registered").count() == 1
        speakers = Citizen.objects.with_pin(LAN).get().authorities.filter(basis="representative")
        assert speakers.count() == 1

    def test_events_name_their_batch(self, tmp_path: Path) -> None:
        bring_people(tmp_path)

        done = bring(tmp_path, "CIVIL.marriage", MARRIAGE, as_of=FIRST)

        event = LifeEvent.objects.get()
        assert (event.register_id, event.batch, event.as_of) == ("CIVIL", done.batch, FIRST)
        assert Batch.objects.get(pk=done.batch.pk).row_count == 1
        assert PLACE not in event.natural_key
