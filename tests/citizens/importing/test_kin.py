"""Families as registers tell of them, and whom a matter of one of them reaches."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from citizens.models import Authority, Citizen
from citizens.selectors import (
    Bond,
    bereaved_of,
    children_of,
    guardians_of,
    head_of,
    may_act,
    named_guardians_of,
    parents_of,
    reached_for,
    spouses_of,
)
from citizens.selectors.kin import of_age_if_born_by
from portal.common import clock
from tests.citizens.importing.samples import BE, GIA, HOA, PEOPLE, SAMPLES, bring_people
from tests.citizens.importing.scene import LAN, MINH, TODAY, Row, bring, set_the_scene

pytestmark = pytest.mark.django_db
LATER, LAST = date(2026, 11, 22), date(2026, 11, 24)
NAM = "999083000006"
TIE = SAMPLES["CIVIL.relation"]


@pytest.fixture(autouse=True)
def _family(tmp_path: Path) -> None:
    set_the_scene()
    bring_people(tmp_path)


def of(pin: str) -> Citizen:
    return Citizen.objects.with_pin(pin).get()


def row_of(pin: str, **changes: str) -> Row:
    return {**next(row for row in PEOPLE if row["pin"] == pin), **changes}


def names(people: object) -> list[str]:
    return [one.full_name for one in people]  # type: ignore[attr-defined]


def nam(**changes: str) -> Row:
    """Return the row of a man who is of no family yet."""
    his = {"pin": NAM, "full_name": "Hồ Văn Nam", "birth_date": "03/03/1983", "spouse_pin": ""}
    return {**row_of(MINH, household_number="HK000009"), **his, **changes}


def test_the_family_of_each() -> None:
    lan, child = of(LAN), of(BE)

    assert names(spouses_of(citizen=lan, day=TODAY)) == ["Lê Văn Minh"]
    assert names(parents_of(citizen=lan, day=TODAY)) == ["Trần Văn Già", "Phan Thị Hoa"]
    assert names(children_of(citizen=lan, day=TODAY)) == ["Lê Thị Bé"]
    head = head_of(citizen=child, day=TODAY)
    assert head is not None
    assert head.full_name == "Lê Văn Minh"
    assert names(reached_for(minor=child, day=TODAY)) == ["Lê Văn Minh", "Trần Thị Lan"]


class TestMarriages:
    def test_a_divorce_ends_the_tie_for_both_and_stays_ended(self, tmp_path: Path) -> None:
        divorced = {**TIE, "until": "21/11/2026"}

        bring(tmp_path, "CIVIL.relation", divorced, as_of=LATER)
        bring(tmp_path, "NPD.person", row_of(LAN), row_of(MINH), as_of=LAST)

        for pin in (LAN, MINH):
            assert not spouses_of(citizen=of(pin), day=LAST)
            assert spouses_of(citizen=of(pin), day=date(2026, 11, 20))
        # Parents of one child they remain.
        assert names(reached_for(minor=of(BE), day=LAST)) == ["Lê Văn Minh", "Trần Thị Lan"]

    def test_the_population_register_tells_of_a_divorce(self, tmp_path: Path) -> None:
        row = row_of(LAN, spouse_pin="", marital_status="Ly hôn")

        bring(tmp_path, "NPD.person", row, as_of=LATER)

        assert not spouses_of(citizen=of(LAN), day=LATER)
        assert not spouses_of(citizen=of(MINH), day=LATER)

    def test_who_marries_again_has_one_spouse(self, tmp_path: Path) -> None:
        bring(tmp_path, "NPD.person", nam(), as_of=LATER)

        bring(
            tmp_path,
            "NPD.person",
            row_of(LAN, spouse_pin=NAM),
            row_of(MINH, spouse_pin="", marital_status="Ly hôn"),
            nam(spouse_pin=LAN),
            as_of=LAST,
        )

        assert names(spouses_of(citizen=of(LAN), day=LAST)) == ["Hồ Văn Nam"]
        assert names(spouses_of(citizen=of(NAM), day=LAST)) == ["Trần Thị Lan"]
        assert not spouses_of(citizen=of(MINH), day=LAST)


class TestWhoAnswersForAChild:
    def test_a_parent_whose_right_was_revoked_does_not_get_it_back(self, tmp_path: Path) -> None:
        minh = of(MINH)
        Authority.objects.filter(actor=minh).update(revoked_at=clock.now())

        bring(tmp_path, "NPD.person", row_of(BE), as_of=LATER)
        bring(tmp_path, "CIVIL.birth", SAMPLES["CIVIL.birth"], as_of=LATER)

        assert names(reached_for(minor=of(BE), day=LATER)) == ["Trần Thị Lan"]
        assert not may_act(actor=minh, party=of(BE).party, day=LATER)
        assert names(parents_of(citizen=of(BE), day=LATER)) == ["Lê Văn Minh", "Trần Thị Lan"]

    def test_a_father_who_was_named_by_mistake_no_longer_answers(self, tmp_path: Path) -> None:
        bring(tmp_path, "NPD.person", nam(), as_of=LATER)

        bring(tmp_path, "NPD.person", row_of(BE, father_pin=NAM), as_of=LAST)

        assert names(reached_for(minor=of(BE), day=LAST)) == ["Hồ Văn Nam", "Trần Thị Lan"]
        assert names(parents_of(citizen=of(BE), day=LAST)) == ["Hồ Văn Nam", "Trần Thị Lan"]

    def adopted(self, folder: Path) -> None:
        """Let civil status have ended Minh's fatherhood and named Nam."""
        bring(folder, "NPD.person", nam(), as_of=date(2026, 11, 21))
        tie = {**TIE, "pin": BE, "full_name": "", "birth_date": "", "relation": "Cha"}
        ended = {**tie, "relative_pin": MINH, "since": "07/08/2020", "until": "22/11/2026"}
        begun = {**tie, "relative_pin": NAM, "since": "22/11/2026", "until": ""}
        bring(folder, "CIVIL.relation", ended, begun, as_of=LATER)

    @pytest.mark.parametrize("father", [MINH, NAM, GIA])
    def test_an_adoption_stands_against_the_population_register(
        self, father: str, tmp_path: Path
    ) -> None:
        self.adopted(tmp_path)

        bring(tmp_path, "NPD.person", row_of(BE, father_pin=father), as_of=LAST)

        assert names(reached_for(minor=of(BE), day=LAST)) == ["Hồ Văn Nam", "Trần Thị Lan"]
        assert names(parents_of(citizen=of(BE), day=LAST)) == ["Hồ Văn Nam", "Trần Thị Lan"]
        right = Authority.objects.get(actor=of(NAM), basis="parent")
        assert (right.valid.lower, right.valid.upper) == (LATER, date(2038, 8, 7))

    def test_a_birth_delivered_again_does_not_revive_a_right(self, tmp_path: Path) -> None:
        bring(tmp_path, "CIVIL.birth", SAMPLES["CIVIL.birth"], as_of=date(2026, 11, 20))
        self.adopted(tmp_path)

        bring(tmp_path, "CIVIL.birth", SAMPLES["CIVIL.birth"], as_of=LAST)

        assert not may_act(actor=of(MINH), party=of(BE).party, day=LAST)
        assert may_act(actor=of(NAM), party=of(BE).party, day=LAST)

    def test_a_dead_parent_is_not_reached(self, tmp_path: Path) -> None:
        bring(tmp_path, "NPD.person", row_of(MINH, died_on="21/11/2026"), as_of=LATER)

        assert names(reached_for(minor=of(BE), day=LATER)) == ["Trần Thị Lan"]
        assert head_of(citizen=of(BE), day=LATER) is None

    def test_an_orphan_has_a_guardian_until_of_age(self, tmp_path: Path) -> None:
        dead = [row_of(pin, died_on="21/11/2026") for pin in (LAN, MINH)]
        bring(tmp_path, "NPD.person", *dead, as_of=LATER)
        tie = {"pin": BE, "full_name": "", "birth_date": "", "relative_pin": HOA}

        bring(
            tmp_path,
            "CIVIL.relation",
            {**TIE, **tie, "relation": "Giám hộ", "since": "22/11/2026"},
            as_of=LATER,
        )

        assert names(reached_for(minor=of(BE), day=LATER)) == ["Phan Thị Hoa"]
        assert names(named_guardians_of(citizen=of(BE), day=LATER)) == ["Phan Thị Hoa"]
        birthday = date(2038, 8, 7)
        assert names(guardians_of(citizen=of(BE), day=date(2038, 8, 6))) == ["Phan Thị Hoa"]
        assert not guardians_of(citizen=of(BE), day=birthday)

    def test_a_guardianship_that_has_ended_gives_no_right(self, tmp_path: Path) -> None:
        tie = {"pin": BE, "full_name": "", "birth_date": "", "relative_pin": HOA}
        guarded = {**TIE, **tie, "relation": "Giám hộ", "since": "02/11/2026"}
        bring(tmp_path, "CIVIL.relation", guarded, as_of=LATER)

        bring(tmp_path, "CIVIL.relation", {**guarded, "until": "23/11/2026"}, as_of=LAST)

        assert "Phan Thị Hoa" in names(reached_for(minor=of(BE), day=LATER))
        assert "Phan Thị Hoa" not in names(reached_for(minor=of(BE), day=LAST))

    def test_a_tie_to_somebody_unknown_or_that_ends_before_it_began_is_named(
        self, tmp_path: Path
    ) -> None:
        unknown = {**TIE, "relative_pin": NAM}
        backwards = {**TIE, "relation": "Cha", "until": "13/02/2010"}

        done = bring(tmp_path, "CIVIL.relation", unknown, backwards)

        assert done.kinds == {"relative_unknown": 1, "ends_before_start": 1}


class TestWhoSpeaksForAFirm:
    FIRM = SAMPLES["BUS.business"]

    def speakers(self, day: date) -> list[str]:
        standing = Authority.objects.standing(day).filter(basis="representative")
        return list(standing.values_list("actor__full_name", flat=True))

    def test_a_new_head_takes_the_place_of_the_former_who_may_return(self, tmp_path: Path) -> None:
        bring(tmp_path, "BUS.business", self.FIRM, as_of=date(2026, 11, 20))

        bring(tmp_path, "BUS.business", {**self.FIRM, "representative_pin": MINH}, as_of=LATER)
        assert self.speakers(date(2026, 11, 21)) == ["Trần Thị Lan"]
        assert self.speakers(LATER) == ["Lê Văn Minh"]

        bring(tmp_path, "BUS.business", self.FIRM, as_of=LAST)
        assert self.speakers(LAST) == ["Trần Thị Lan"]

    def test_a_former_head_speaks_no_longer_where_the_new_one_is_unknown(
        self, tmp_path: Path
    ) -> None:
        bring(tmp_path, "BUS.business", self.FIRM, as_of=date(2026, 11, 20))

        bring(tmp_path, "BUS.business", {**self.FIRM, "representative_pin": NAM}, as_of=LATER)

        assert self.speakers(LATER) == []

    def test_a_right_that_was_revoked_does_not_come_back(self, tmp_path: Path) -> None:
        bring(tmp_path, "BUS.business", self.FIRM, as_of=LATER)
        Authority.objects.filter(basis="representative").update(revoked_at=clock.now())

        bring(tmp_path, "BUS.business", self.FIRM, as_of=LAST)

        assert self.speakers(LAST) == []


class TestBereaved:
    def test_the_closest_come_first_and_each_once(self, tmp_path: Path) -> None:
        bring(tmp_path, "NPD.person", row_of(LAN, died_on="21/11/2026"), as_of=LATER)

        family = bereaved_of(citizen=of(LAN), day=LATER)

        assert [(kin.citizen.full_name, kin.bond) for kin in family] == [
            ("Lê Văn Minh", Bond.SPOUSE),
            ("Trần Văn Già", Bond.PARENT),
            ("Phan Thị Hoa", Bond.PARENT),
        ]

    def test_children_come_of_age_hear_of_it_and_the_dead_do_not(self, tmp_path: Path) -> None:
        bring(tmp_path, "CIVIL.death", SAMPLES["CIVIL.death"])
        bring(tmp_path, "NPD.person", row_of(HOA, died_on="18/11/2026"), as_of=LATER)

        family = bereaved_of(citizen=of(GIA), day=TODAY)

        assert [(kin.citizen.full_name, kin.bond) for kin in family] == [
            ("Trần Thị Lan", Bond.CHILD)
        ]

    def test_who_is_married_again_stays_the_widower_of_this_one(self, tmp_path: Path) -> None:
        bring(tmp_path, "NPD.person", row_of(LAN, died_on="21/11/2026"), as_of=LATER)
        bring(tmp_path, "NPD.person", row_of(MINH, spouse_pin=HOA), as_of=LAST)

        assert bereaved_of(citizen=of(LAN), day=LAST)[0].citizen.full_name == "Lê Văn Minh"

    def test_nobody_mourns_the_living(self) -> None:
        assert bereaved_of(citizen=of(LAN), day=TODAY) == []


@pytest.mark.parametrize(
    ("day", "born"),
    [
        (date(2026, 11, 25), date(2008, 11, 25)),
        (date(2026, 2, 28), date(2008, 2, 29)),
        (date(2028, 2, 28), date(2010, 2, 28)),
        (date(2028, 2, 29), date(2010, 2, 28)),
    ],
)
def test_of_age(day: date, born: date) -> None:
    assert of_age_if_born_by(day) == born
