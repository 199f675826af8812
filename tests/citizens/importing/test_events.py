"""Life events: once, whatever the order of deliveries; deaths and their end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from citizens.enums import DiscrepancyKind, FactKind
from citizens.models import (
    Batch,
    Citizen,
    Correction,
    Discrepancy,
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
from tests.factories.citizens import UserFactory

pytestmark = pytest.mark.django_db
FIRST, LATER, LAST = date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 24)
NOTICE, BIRTH = SAMPLES["HEALTH.birth_notice"], SAMPLES["CIVIL.birth"]
DEATH, REGISTERED = SAMPLES["HEALTH.death_notice"], SAMPLES["CIVIL.death"]
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


def dies(pin: str = GIA) -> date | None:
    return Citizen.objects.with_pin(pin).get().died_on


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


class TestDeaths:
    @pytest.fixture(autouse=True)
    def _family(self, tmp_path: Path) -> None:
        bring_people(tmp_path)
        FactChange.objects.all().delete()

    def decided_alive(self, as_of: date) -> None:
        """Let an official have decided that Già lives, against the day that was told."""
        gia = Citizen.objects.with_pin(GIA).get()
        Citizen.objects.filter(pk=gia.pk).update(died_on=None)
        Correction.objects.create(
            subject=gia.party,
            register_id="NPD",
            table="citizen",
            object_id=gia.pk,
            column="died_on",
            value="",
            replaced="2026-11-17",
            as_of=as_of,
            decided_by=UserFactory(of_official=True),
        )

    @pytest.mark.parametrize("key", ["HEALTH.death_notice", "CIVIL.death"])
    def test_the_day_stands_with_the_row_that_tells_it(self, key: str, tmp_path: Path) -> None:
        bring(tmp_path, key, SAMPLES[key])

        assert dies() == date(2026, 11, 17)
        assert news(FactKind.CITIZEN) == {"Trần Văn Già"}

    def test_the_population_register_tells_a_death_too(self, tmp_path: Path) -> None:
        bring(tmp_path, "NPD.person", row_of(GIA, died_on="17/11/2026"), as_of=LATER)

        assert dies() == date(2026, 11, 17)
        assert news(FactKind.CITIZEN) == {"Trần Văn Già"}

    @pytest.mark.parametrize(
        ("deliveries", "died_on"),
        [
            # The register of civil status has the last word, whenever it speaks.
            ([("HEALTH", "17"), ("CIVIL", "16")], 16),
            ([("CIVIL", "16"), ("HEALTH", "17")], 16),
            ([("CIVIL", "16"), ("HEALTH", "17"), ("HEALTH", "15")], 16),
            ([("HEALTH", "17"), ("CIVIL", "16"), ("CIVIL", "14")], 14),
            # A hospital moves what it said itself.
            ([("HEALTH", "17"), ("HEALTH", "15")], 15),
            # … and what the population register said stands against it.
            ([("NPD", "13"), ("HEALTH", "17")], 13),
        ],
    )
    def test_who_has_the_last_word(
        self, deliveries: list[tuple[str, str]], died_on: int, tmp_path: Path
    ) -> None:
        tables = {"HEALTH": DEATH, "CIVIL": REGISTERED, "NPD": row_of(GIA)}
        kinds = {"HEALTH": "death_notice", "CIVIL": "death", "NPD": "person"}

        for number, (register, day) in enumerate(deliveries):
            row = {**tables[register], "died_on": f"{day}/11/2026"}
            as_of = date(2026, 11, 21 + number)
            bring(tmp_path, f"{register}.{kinds[register]}", row, as_of=as_of)

        assert dies() == date(2026, 11, died_on)

    def test_a_cancelled_notice_brings_the_person_back(self, tmp_path: Path) -> None:
        bring(tmp_path, "HEALTH.death_notice", DEATH, as_of=FIRST)
        FactChange.objects.all().delete()

        bring(tmp_path, "HEALTH.death_notice", {**DEATH, "status": "Đã hủy"}, as_of=LATER)

        assert dies() is None
        assert not LifeEvent.objects.exists()
        assert RegisterRecord.objects.get(kind="death_notice").body["status"] == "Đã hủy"
        assert news(FactKind.CITIZEN) == {"Trần Văn Già"}
        assert news() == {"Trần Văn Già"}

    def test_a_cancelled_notice_stays_cancelled_and_may_be_given_anew(self, tmp_path: Path) -> None:
        bring(tmp_path, "HEALTH.death_notice", {**DEATH, "status": "Đã hủy"}, as_of=FIRST)
        bring(tmp_path, "HEALTH.death_notice", DEATH, as_of=LATER)
        assert dies() is None

        anew = {**DEATH, "status": "Còn hiệu lực"}
        bring(tmp_path, "HEALTH.death_notice", anew, as_of=LAST)

        assert dies() == date(2026, 11, 17)

    def test_a_registered_death_outlives_the_cancelled_notice(self, tmp_path: Path) -> None:
        bring(tmp_path, "HEALTH.death_notice", DEATH, as_of=FIRST)
        bring(tmp_path, "CIVIL.death", REGISTERED, as_of=FIRST)

        bring(tmp_path, "HEALTH.death_notice", {**DEATH, "status": "Đã hủy"}, as_of=LATER)

        assert dies() == date(2026, 11, 17)
        assert LifeEvent.objects.get().kind == "death_registered"

    def test_two_cancelled_notices_bring_the_person_back(self, tmp_path: Path) -> None:
        both = [{**DEATH, "code": code} for code in ("BT-0001", "BT-0002")]
        bring(tmp_path, "HEALTH.death_notice", *both, as_of=FIRST)

        cancelled = [{**row, "status": "Đã hủy"} for row in both]
        bring(tmp_path, "HEALTH.death_notice", *cancelled, as_of=LATER)

        assert dies() is None
        assert not LifeEvent.objects.exists()

    def test_the_day_of_the_notice_that_remains_is_the_day(self, tmp_path: Path) -> None:
        bring(tmp_path, "HEALTH.death_notice", DEATH, as_of=FIRST)
        other = {**DEATH, "code": "BT-0002", "died_on": "15/11/2026"}
        bring(tmp_path, "HEALTH.death_notice", other, as_of=FIRST)
        assert dies() == date(2026, 11, 17)
        news(FactKind.CITIZEN)

        bring(tmp_path, "HEALTH.death_notice", {**DEATH, "status": "Đã hủy"}, as_of=LATER)

        assert dies() == date(2026, 11, 15)
        assert news(FactKind.CITIZEN) == {"Trần Văn Già"}

    def test_a_notice_that_now_names_somebody_else_makes_nobody_dead(self, tmp_path: Path) -> None:
        bring(tmp_path, "HEALTH.death_notice", DEATH, as_of=FIRST)
        other = {**DEATH, "pin": HOA, "full_name": "", "birth_date": ""}

        done = bring(tmp_path, "HEALTH.death_notice", other, as_of=LATER)

        assert done.kinds == {"other_subject": 1}
        assert (dies(), dies(HOA)) == (date(2026, 11, 17), None)

    @pytest.mark.parametrize("key", ["HEALTH.death_notice", "CIVIL.death"])
    def test_what_an_official_decided_stands_against_the_registers(
        self, key: str, tmp_path: Path
    ) -> None:
        bring(tmp_path, key, SAMPLES[key], as_of=FIRST)
        self.decided_alive(as_of=LATER)

        bring(tmp_path, key, SAMPLES[key], as_of=LAST)
        bring(tmp_path, "NPD.person", row_of(GIA), as_of=LATER)
        bring(tmp_path, "NPD.person", row_of(GIA, died_on="17/11/2026"), as_of=LAST)
        bring(tmp_path, key, {**SAMPLES[key], "died_on": "16/11/2026"}, as_of=LAST)

        assert dies() is None

    def test_a_decision_says_nothing_about_a_later_death(self, tmp_path: Path) -> None:
        self.decided_alive(as_of=FIRST)

        bring(tmp_path, "CIVIL.death", {**REGISTERED, "died_on": "23/11/2026"}, as_of=LAST)

        assert dies() == date(2026, 11, 23)

    def test_alive_in_one_and_dead_in_another_is_a_case(self, tmp_path: Path) -> None:
        bring(tmp_path, "CIVIL.death", REGISTERED, as_of=FIRST)

        done = bring(tmp_path, "NPD.person", row_of(GIA), as_of=LATER)

        case = Discrepancy.objects.get()
        assert (case.kind, case.column) == (DiscrepancyKind.ALIVE, "died_on")
        assert (case.register_id, case.other_register_id) == ("CIVIL", "NPD")
        assert (case.held_value, case.stated_value) == ("2026-11-17", "")
        assert (done.batch.discrepancy_count, dies()) == (1, date(2026, 11, 17))

    def test_the_case_settles_itself_once_both_say_the_same(self, tmp_path: Path) -> None:
        bring(tmp_path, "CIVIL.death", REGISTERED, as_of=FIRST)
        bring(tmp_path, "NPD.person", row_of(GIA), as_of=LATER)

        bring(tmp_path, "NPD.person", row_of(GIA, died_on="17/11/2026"), as_of=LAST)

        assert Discrepancy.objects.get().state == "withdrawn"

    def test_a_paper_issued_after_the_death_is_a_case_too(self, tmp_path: Path) -> None:
        bring(tmp_path, "CIVIL.death", {**REGISTERED, "died_on": "01/11/2026"}, as_of=FIRST)
        paper = {
            **SAMPLES["GPLX.licence"],
            "pin": GIA,
            "full_name": "",
            "birth_date": "",
            "issued_on": "10/11/2026",
        }

        bring(tmp_path, "GPLX.licence", paper, as_of=LATER)

        case = Discrepancy.objects.get()
        assert (case.kind, case.other_register_id) == (DiscrepancyKind.ALIVE, "GPLX")
        assert (case.held_value, case.stated_value) == ("2026-11-01", "")


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
