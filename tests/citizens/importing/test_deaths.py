"""Deaths: who has the last word on the day, how one is taken back, what becomes a case."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from citizens.enums import DiscrepancyKind, FactKind
from citizens.models import (
    Citizen,
    Correction,
    Discrepancy,
    FactChange,
    LifeEvent,
    RegisterRecord,
)
from tests.citizens.importing.samples import (
    GIA,
    HOA,
    PEOPLE,
    SAMPLES,
    bring_people,
)
from tests.citizens.importing.scene import Row, bring, set_the_scene
from tests.factories.citizens import UserFactory

pytestmark = pytest.mark.django_db
FIRST, LATER, LAST = date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 24)
DEATH, REGISTERED = SAMPLES["HEALTH.death_notice"], SAMPLES["CIVIL.death"]


@pytest.fixture(autouse=True)
def _family(tmp_path: Path) -> None:
    set_the_scene()
    bring_people(tmp_path)
    FactChange.objects.all().delete()


def row_of(pin: str, **changes: str) -> Row:
    """Return the population register's row of one of the family."""
    return {**next(row for row in PEOPLE if row["pin"] == pin), **changes}


def dies(pin: str = GIA) -> date | None:
    return Citizen.objects.with_pin(pin).get().died_on


def news(kind: FactKind = FactKind.LIFE_EVENT) -> set[str]:
    """Return about whom there is news of this kind, and take it."""
    found = FactChange.objects.filter(kind=kind)
    names = set(found.values_list("subject__citizen__full_name", flat=True))
    found.delete()
    return names


def decided_alive(as_of: date) -> None:
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
def test_the_day_stands_with_the_row_that_tells_it(key: str, tmp_path: Path) -> None:
    bring(tmp_path, key, SAMPLES[key])

    assert dies() == date(2026, 11, 17)
    assert news(FactKind.CITIZEN) == {"Trần Văn Già"}


def test_the_population_register_tells_a_death_too(tmp_path: Path) -> None:
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
        # A hospital moves what it said it
        ([("HEALTH", "17"), ("HEALTH", "15")], 15),
        # … and what the population register said stands against it.
        ([("NPD", "13"), ("HEALTH", "17")], 13),
    ],
)
def test_who_has_the_last_word(
    deliveries: list[tuple[str, str]], died_on: int, tmp_path: Path
) -> None:
    tables = {"HEALTH": DEATH, "CIVIL": REGISTERED, "NPD": row_of(GIA)}
    kinds = {"HEALTH": "death_notice", "CIVIL": "death", "NPD": "person"}

    for number, (register, day) in enumerate(deliveries):
        row = {**tables[register], "died_on": f"{day}/11/2026"}
        as_of = date(2026, 11, 21 + number)
        bring(tmp_path, f"{register}.{kinds[register]}", row, as_of=as_of)

    assert dies() == date(2026, 11, died_on)


def test_a_cancelled_notice_brings_the_person_back(tmp_path: Path) -> None:
    bring(tmp_path, "HEALTH.death_notice", DEATH, as_of=FIRST)
    FactChange.objects.all().delete()

    bring(tmp_path, "HEALTH.death_notice", {**DEATH, "status": "Đã hủy"}, as_of=LATER)

    assert dies() is None
    assert not LifeEvent.objects.exists()
    assert RegisterRecord.objects.get(kind="death_notice").body["status"] == "Đã hủy"
    assert news(FactKind.CITIZEN) == {"Trần Văn Già"}
    assert news() == {"Trần Văn Già"}


def test_a_cancelled_notice_stays_cancelled_and_may_be_given_anew(tmp_path: Path) -> None:
    bring(tmp_path, "HEALTH.death_notice", {**DEATH, "status": "Đã hủy"}, as_of=FIRST)
    bring(tmp_path, "HEALTH.death_notice", DEATH, as_of=LATER)
    assert dies() is None

    anew = {**DEATH, "status": "Còn hiệu lực"}
    bring(tmp_path, "HEALTH.death_notice", anew, as_of=LAST)

    assert dies() == date(2026, 11, 17)


def test_a_registered_death_outlives_the_cancelled_notice(tmp_path: Path) -> None:
    bring(tmp_path, "HEALTH.death_notice", DEATH, as_of=FIRST)
    bring(tmp_path, "CIVIL.death", REGISTERED, as_of=FIRST)

    bring(tmp_path, "HEALTH.death_notice", {**DEATH, "status": "Đã hủy"}, as_of=LATER)

    assert dies() == date(2026, 11, 17)
    assert LifeEvent.objects.get().kind == "death_registered"


def test_two_cancelled_notices_bring_the_person_back(tmp_path: Path) -> None:
    both = [{**DEATH, "code": code} for code in ("BT-0001", "BT-0002")]
    bring(tmp_path, "HEALTH.death_notice", *both, as_of=FIRST)

    cancelled = [{**row, "status": "Đã hủy"} for row in both]
    bring(tmp_path, "HEALTH.death_notice", *cancelled, as_of=LATER)

    assert dies() is None
    assert not LifeEvent.objects.exists()


def test_the_day_of_the_notice_that_remains_is_the_day(tmp_path: Path) -> None:
    bring(tmp_path, "HEALTH.death_notice", DEATH, as_of=FIRST)
    other = {**DEATH, "code": "BT-0002", "died_on": "15/11/2026"}
    bring(tmp_path, "HEALTH.death_notice", other, as_of=FIRST)
    assert dies() == date(2026, 11, 17)
    news(FactKind.CITIZEN)

    bring(tmp_path, "HEALTH.death_notice", {**DEATH, "status": "Đã hủy"}, as_of=LATER)

    assert dies() == date(2026, 11, 15)
    assert news(FactKind.CITIZEN) == {"Trần Văn Già"}


def test_a_notice_that_now_names_somebody_else_makes_nobody_dead(tmp_path: Path) -> None:
    bring(tmp_path, "HEALTH.death_notice", DEATH, as_of=FIRST)
    other = {**DEATH, "pin": HOA, "full_name": "", "birth_date": ""}

    done = bring(tmp_path, "HEALTH.death_notice", other, as_of=LATER)

    assert done.kinds == {"other_subject": 1}
    assert (dies(), dies(HOA)) == (date(2026, 11, 17), None)


@pytest.mark.parametrize("key", ["HEALTH.death_notice", "CIVIL.death"])
def test_what_an_official_decided_stands_against_the_registers(key: str, tmp_path: Path) -> None:
    bring(tmp_path, key, SAMPLES[key], as_of=FIRST)
    decided_alive(as_of=LATER)

    bring(tmp_path, key, SAMPLES[key], as_of=LAST)
    bring(tmp_path, "NPD.person", row_of(GIA), as_of=LATER)
    bring(tmp_path, "NPD.person", row_of(GIA, died_on="17/11/2026"), as_of=LAST)
    bring(tmp_path, key, {**SAMPLES[key], "died_on": "16/11/2026"}, as_of=LAST)

    assert dies() is None


def test_a_decision_says_nothing_about_a_later_death(tmp_path: Path) -> None:
    decided_alive(as_of=FIRST)

    bring(tmp_path, "CIVIL.death", {**REGISTERED, "died_on": "23/11/2026"}, as_of=LAST)

    assert dies() == date(2026, 11, 23)


def test_alive_in_one_and_dead_in_another_is_a_case(tmp_path: Path) -> None:
    bring(tmp_path, "CIVIL.death", REGISTERED, as_of=FIRST)

    done = bring(tmp_path, "NPD.person", row_of(GIA), as_of=LATER)

    case = Discrepancy.objects.get()
    assert (case.kind, case.column) == (DiscrepancyKind.ALIVE, "died_on")
    assert (case.register_id, case.other_register_id) == ("CIVIL", "NPD")
    assert (case.held_value, case.stated_value) == ("2026-11-17", "")
    assert (done.batch.discrepancy_count, dies()) == (1, date(2026, 11, 17))


def test_the_case_settles_itself_once_both_say_the_same(tmp_path: Path) -> None:
    bring(tmp_path, "CIVIL.death", REGISTERED, as_of=FIRST)
    bring(tmp_path, "NPD.person", row_of(GIA), as_of=LATER)

    bring(tmp_path, "NPD.person", row_of(GIA, died_on="17/11/2026"), as_of=LAST)

    assert Discrepancy.objects.get().state == "withdrawn"


@pytest.mark.parametrize("first", ["CIVIL.death", "NPD.person"])
def test_another_day_that_a_hospital_states_is_a_case_until_all_agree(
    first: str, tmp_path: Path
) -> None:
    tables = {"CIVIL.death": REGISTERED, "NPD.person": row_of(GIA)}
    row = {**tables[first], "died_on": "16/11/2026"}
    bring(tmp_path, first, row, as_of=date(2026, 11, 21))

    bring(tmp_path, "HEALTH.death_notice", DEATH, as_of=LATER)

    case = Discrepancy.objects.get()
    assert (case.kind, case.other_register_id) == (DiscrepancyKind.ALIVE, "HEALTH")
    assert (case.held_value, case.stated_value) == ("2026-11-16", "2026-11-17")
    bring(tmp_path, "CIVIL.death", REGISTERED, as_of=LAST)
    assert Discrepancy.objects.get().state == "withdrawn"
    assert dies() == date(2026, 11, 17)


def test_a_hospital_that_moves_its_own_day_is_no_case(tmp_path: Path) -> None:
    bring(tmp_path, "HEALTH.death_notice", DEATH, as_of=FIRST)

    bring(tmp_path, "HEALTH.death_notice", {**DEATH, "died_on": "15/11/2026"}, as_of=LATER)
    cancelled = {**DEATH, "died_on": "14/11/2026", "status": "Đã hủy"}
    bring(tmp_path, "HEALTH.death_notice", cancelled, as_of=LAST)

    assert not Discrepancy.objects.exists()


def test_a_death_that_the_population_register_tells_first_is_news(tmp_path: Path) -> None:
    dead = {**row_of(GIA, died_on="17/11/2026"), "pin": "999055000014"}

    bring(tmp_path, "NPD.person", dead, as_of=LATER)

    party = Citizen.objects.with_pin("999055000014").get().party
    assert FactChange.objects.filter(kind=FactKind.CITIZEN, subject=party).exists()


def test_a_paper_issued_after_the_death_is_a_case_too(tmp_path: Path) -> None:
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
