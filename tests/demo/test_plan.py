"""The plan of the population: the same each time, nobody real, something for every rule."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from citizens.enums import BirthPrecision, Gender
from citizens.enums import LifeEventKind as Kind
from portal.demo.generating import plan
from portal.demo.plan import Paper, Population, Whose, anniversary
from portal.demo.stages import AGE_LEAD_DAYS, AGES, LEAD_DAYS

ON = date(2026, 11, 22)
REAL_PROVINCES = {f"{number:03d}" for number in range(1, 97)}
REAL_PREFIXES = {"52", "55", "56", "58", "59", "70", "76", "77", "78", "79"}
REAL_PREFIXES |= {f"3{second}" for second in range(2, 10)}
REAL_PREFIXES |= {f"{first}{second}" for first in "89" for second in range(10)}


@cache
def population(citizens: int = 2500, seed: int = 1, on: date = ON) -> Population:
    """Return a plan; made once, the tests only read it."""
    return plan(citizens=citizens, seed=seed, on=on)


def of_kind(kind: str) -> list[Paper]:
    return [paper for paper in population().papers if paper.kind == kind]


def test_the_same_numbers_give_the_same_people_to_the_last_digit() -> None:
    again = plan(citizens=400, seed=7, on=ON)

    assert again.fingerprint() == population(400, 7).fingerprint()
    assert again.people == population(400, 7).people


@pytest.mark.parametrize(
    ("citizens", "seed", "on"), [(401, 7, ON), (400, 8, ON), (400, 7, ON + timedelta(days=1))]
)
def test_other_numbers_give_other_people(citizens: int, seed: int, on: date) -> None:
    other = plan(citizens=citizens, seed=seed, on=on)

    assert other.fingerprint() != population(400, 7).fingerprint()


@pytest.mark.parametrize("citizens", [100, 101, 400, 2500])
def test_there_are_exactly_as_many_as_were_asked_for(citizens: int) -> None:
    assert len(population(citizens).people) == citizens


@pytest.mark.parametrize("on", [date(2024, 2, 29), date(2026, 1, 1), date(2027, 12, 31)])
def test_any_day_will_do(on: date) -> None:
    made = plan(citizens=300, seed=3, on=on)

    assert all(person.born <= on for person in made.people)
    assert all(paper.issued <= on for paper in made.papers)
    assert all(p.expires is None or p.expires >= p.issued for p in made.papers)


def test_no_pin_is_of_a_real_province_and_each_tells_sex_and_century() -> None:
    numbers = [person.pin for person in population().people if person.pin]

    assert len(set(numbers)) == len(numbers)
    for person in population().people:
        if person.pin is None:
            continue
        assert len(person.pin) == 12
        assert person.pin.isdecimal()
        assert person.pin[:3] not in REAL_PROVINCES
        assert int(person.pin[3]) % 2 == (person.gender == Gender.FEMALE)
        assert 1900 + 100 * (int(person.pin[3]) // 2) + int(person.pin[4:6]) == person.born.year


def test_no_phone_is_in_a_networks_range() -> None:
    phones = {person.phone for person in population().people if person.phone}

    for phone in phones:
        assert phone.startswith("+8450")
        assert len(phone) == len("+84500000000")
        assert phone[3:5] not in REAL_PREFIXES


def test_most_people_have_an_sms_number_and_neither_app_nor_zalo() -> None:
    reached = [person for person in population().people if person.phone]
    rich = [person for person in reached if person.has_app or person.has_zalo]

    assert len(reached) > 0.6 * len(population().people)
    assert 0 < len(rich) < 0.15 * len(reached)


def test_the_stages_are_those_of_the_catalogue() -> None:
    path = Path(settings.BASE_DIR) / "procedures" / "data" / "procedures.yaml"
    catalogue = yaml.safe_load(path.read_text(encoding="utf-8"))
    credentials = [procedure.get("credential") or {} for procedure in catalogue["procedures"]]
    windows = {one.get("type"): one.get("renew_window", {}) for one in credentials}

    for kind, stages in LEAD_DAYS.items():
        assert tuple(windows[kind]["remind_days"]) == stages
    assert tuple(windows["citizen_identity_card"]["remind_days"]) == AGE_LEAD_DAYS


@pytest.mark.parametrize(
    ("kind", "stage"), [(kind, stage) for kind, stages in LEAD_DAYS.items() for stage in stages]
)
def test_one_paper_in_a_hundred_is_due_at_each_stage(kind: str, stage: int) -> None:
    papers = [paper for paper in of_kind(kind) if paper.expires]
    later = [other for other in LEAD_DAYS[kind] if other < stage]
    least = max(later, default=-1) + 1
    due = [p for p in papers if p.expires and least <= (p.expires - ON).days <= stage]
    exactly = [p for p in due if p.expires and (p.expires - ON).days == stage]

    assert len(due) >= 0.01 * len(papers)
    assert exactly


@pytest.mark.parametrize("kind", LEAD_DAYS)
def test_twenty_holders_for_every_paper_that_runs_out(kind: str) -> None:
    window = LEAD_DAYS[kind][0]
    people = population().people
    due = {
        paper.holder
        for paper in of_kind(kind)
        if paper.expires and 0 <= (paper.expires - ON).days <= window
        if paper.holder.whose != Whose.PERSON or people[paper.holder.at].died is None
    }

    assert len(due) >= 20


@pytest.mark.parametrize("kind", LEAD_DAYS)
def test_dates_are_spread_beyond_the_stages(kind: str) -> None:
    later = [
        paper
        for paper in of_kind(kind)
        if paper.expires and (paper.expires - ON).days > LEAD_DAYS[kind][0]
    ]

    assert len(later) > 0.2 * len(of_kind(kind))


@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize("stage", AGE_LEAD_DAYS)
def test_somebody_reaches_each_age_at_each_stage(age: int, stage: int) -> None:
    reached = {
        (anniversary(person.born, age) - ON).days
        for person in population().people
        if person.died is None
    }

    assert stage in reached


@pytest.mark.parametrize("age", AGES)
def test_twenty_people_are_about_to_reach_each_age(age: int) -> None:
    near = [
        person
        for person in population().people
        if person.died is None and 0 <= (anniversary(person.born, age) - ON).days <= 60
    ]

    assert len(near) >= 20


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.CREDENTIAL_LOST_OR_DAMAGED}))
def test_twenty_of_every_event(kind: Kind) -> None:
    assert sum(event.kind == kind for event in population().events) >= 20


@pytest.mark.parametrize(
    "kind", ["driving_licence", "citizen_identity_card", "veterinary_certificate"]
)
def test_twenty_lost_papers_of_each_kind_that_has_a_procedure(kind: str) -> None:
    lost = [event for event in population().events if event.body.get("credential_kind") == kind]

    assert len(lost) >= 20


def test_twenty_children_start_school_in_the_year() -> None:
    assert sum(person.born.year == ON.year - 6 for person in population().people) >= 20


def test_births_are_notified_of_children_that_have_no_row_yet() -> None:
    births = [event for event in population().events if event.kind == Kind.BIRTH_NOTIFIED]

    for event in births:
        assert "mother" in dict(event.parties)
        assert "child" not in dict(event.parties)
        assert 0 <= (ON - event.day).days <= 60


def test_all_sorts_of_people_are_there() -> None:
    people = population().people

    assert any(person.died for person in people)
    assert any(person.is_twin for person in people)
    assert any(person.shared_phone for person in people)
    assert any(person.pin is None for person in people)
    assert any(person.precision == BirthPrecision.YEAR for person in people)
    assert sum(not person.is_adult_on(ON) for person in people) > 0.1 * len(people)


def test_twins_have_one_mother_and_one_birthday() -> None:
    twins = Counter(
        (person.mother, person.born) for person in population().people if person.is_twin
    )

    assert twins
    assert set(twins.values()) == {2}


def test_most_children_have_two_guardians_and_none_over_eighteen() -> None:
    mandates = [m for m in population().mandates if m.party.whose == Whose.PERSON]
    guardians = Counter(mandate.party.at for mandate in mandates)

    assert sum(count == 2 for count in guardians.values()) > 0.5 * len(guardians)
    for mandate in mandates:
        assert mandate.end == anniversary(population().people[mandate.party.at].born, 18)
        assert population().people[mandate.actor].is_adult_on(ON)


def test_parents_are_at_least_eighteen_years_older() -> None:
    people = population().people

    for person in people:
        for parent in (person.father, person.mother):
            assert parent is None or person.born >= anniversary(people[parent].born, 18)


def test_cooperatives_have_fifty_badges() -> None:
    badges = Counter(paper.holder.at for paper in of_kind("transport_badge"))

    assert badges[0] == 50
    assert len(badges) >= 20


def test_some_of_the_dead_hold_a_licence_that_runs_out() -> None:
    people = population().people
    held = [
        paper
        for paper in of_kind("driving_licence")
        if people[paper.holder.at].died and paper.expires
    ]

    assert len(held) >= 20


def test_every_paper_has_a_number_of_its_own() -> None:
    numbers = [(paper.register, paper.kind, paper.number) for paper in population().papers]

    assert len(set(numbers)) == len(numbers)


def test_every_record_and_event_has_a_key_of_its_own() -> None:
    records = [(r.register, r.kind, r.key) for r in population().records]
    events = [(event.kind, event.key) for event in population().events]

    assert len(set(records)) == len(records)
    assert len(set(events)) == len(events)
