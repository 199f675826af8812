"""What is due is counted exactly: the same as a loop over all rows in plain Python."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
import time_machine

from citizens.models import Citizen, Credential, Unit
from portal.reporting.enums import OTHER, CountKind
from portal.reporting.forecast.weeks import WEEK, monday
from portal.reporting.models import WeekCount
from portal.reporting.services.count_weeks import count_weeks
from procedures.rules import add_years
from tests.factories.citizens import (
    AgencyFactory,
    CitizenFactory,
    CredentialFactory,
    LifeEventFactory,
    UnitFactory,
)
from tests.factories.dossiers import DossierFactory
from tests.factories.procedures import (
    OpenMatterFactory,
    ProcedureVersionFactory,
    RuleVersionFactory,
    SuggestionFactory,
    moment,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 26)  # a Thursday
FIRST = date(2026, 11, 23)
LICENCE, CARD, SCHOOL = (
    "driving_licence_renewal",
    "identity_card_replace_at_age",
    "primary_school_admission",
)
Counts = Counter[tuple[int, date]]


@pytest.fixture
def communes() -> list[Unit]:
    city = UnitFactory(province=True)
    return [UnitFactory(parent=city) for _ in range(3)]


@pytest.fixture
def people(communes: list[Unit]) -> list[Citizen]:
    """Sixty people of all ages, each with a licence; some died, left, or have filed already."""
    random = Random(7)  # noqa: S311  reproducible, no secret
    made: list[Citizen] = []
    for number in range(60):
        born = date(2026, 1, 1) - timedelta(days=random.randint(100, 70 * 365))
        person: Citizen = CitizenFactory(unit=random.choice(communes), birth_date=born)
        made.append(person)
        expires = DAY + timedelta(days=random.randint(-40, 700))
        CredentialFactory(holder=person, issued_on=date(2017, 1, 1), expires_on=expires)
        if number % 10 == 0:
            Citizen.objects.filter(pk=person.pk).update(died_on=date(2026, 11, 1))
        if number % 10 == 1:
            Citizen.objects.filter(pk=person.pk).update(emigrated_on=date(2026, 11, 1))
    return made


@pytest.fixture
def rules() -> None:
    for key in (LICENCE, CARD, SCHOOL):
        RuleVersionFactory(rule__key=key)
        ProcedureVersionFactory(procedure__key=key)


def counted(kind: CountKind, key: str) -> Counts:
    rows = WeekCount.objects.filter(kind=kind, key=key)
    return Counter({(row.unit_id, row.week): row.count for row in rows if row.count})


def alive() -> list[Citizen]:
    return [
        person
        for person in Citizen.objects.all()
        if person.died_on is None and person.emigrated_on is None
    ]


def weeks_of(dates: list[tuple[int, date]], weeks: int) -> Counts:
    last = FIRST + weeks * WEEK
    return Counter((unit, monday(day)) for unit, day in dates if FIRST <= day < last)


def test_papers_that_run_out_are_counted_by_unit_and_week(
    people: list[Citizen], rules: None
) -> None:
    count_weeks(day=DAY)

    expires = {paper.holder_id: paper.expires_on for paper in Credential.objects.all()}
    plain = [(person.unit_id, day) for person in alive() if (day := expires[person.pk])]
    assert counted(CountKind.DUE, LICENCE) == weeks_of(plain, 78)


def test_birthdays_are_counted_on_their_day(people: list[Citizen], rules: None) -> None:
    count_weeks(day=DAY)

    plain = [
        (person.unit_id, add_years(person.birth_date, age))
        for person in alive()
        for age in (25, 40, 60)
    ]
    assert counted(CountKind.DUE, CARD) == weeks_of(plain, 78)


def test_children_are_counted_once_for_the_campaign_of_their_year(
    communes: list[Unit], rules: None
) -> None:
    for born in (date(2021, 1, 1), date(2021, 12, 31), date(2020, 12, 31), date(2022, 1, 1)):
        CitizenFactory(unit=communes[0], birth_date=born)

    count_weeks(day=DAY)

    found = counted(CountKind.DUE, SCHOOL)
    assert sum(found.values()) == 2
    assert {week.year for _unit, week in found} == {2027}


def test_who_has_a_dossier_open_is_not_due_any_more(communes: list[Unit], rules: None) -> None:
    licence = CredentialFactory(
        holder=CitizenFactory(unit=communes[0]), expires_on=DAY + timedelta(days=30)
    )
    count_weeks(day=DAY)
    assert sum(counted(CountKind.DUE, LICENCE).values()) == 1

    OpenMatterFactory(procedure__key=LICENCE, party=licence.holder, anchor=licence.pk)
    count_weeks(day=DAY)

    assert not counted(CountKind.DUE, LICENCE)
    assert [row.most for row in WeekCount.objects.filter(key=LICENCE)] == [1]  # was to act


def test_weeks_that_have_begun_stay_as_they_were_counted(
    people: list[Citizen], rules: None
) -> None:
    count_weeks(day=DAY)
    before = counted(CountKind.DUE, LICENCE)
    Credential.objects.update(expires_on=date(2040, 1, 1))

    count_weeks(day=DAY + 5 * WEEK)

    kept = {place: n for place, n in before.items() if place[1] < FIRST + 5 * WEEK}
    assert kept
    assert counted(CountKind.DUE, LICENCE) == kept


def test_counting_twice_counts_the_same(people: list[Citizen], rules: None) -> None:
    count_weeks(day=DAY)
    before = list(WeekCount.objects.order_by("pk").values_list("kind", "key", "unit", "week"))

    count_weeks(day=DAY)

    after = list(WeekCount.objects.order_by("pk").values_list("kind", "key", "unit", "week"))
    assert sorted(after) == sorted(before)


def test_a_rule_that_has_ended_is_due_no_more(people: list[Citizen], rules: None) -> None:
    count_weeks(day=DAY)

    WeekCount.objects.filter(key=LICENCE).update(key="a_rule_of_old")
    count_weeks(day=DAY)

    assert not counted(CountKind.DUE, "a_rule_of_old")


@pytest.mark.parametrize(
    ("occurred_on", "week"),
    [
        (date(2026, 11, 16), date(2026, 11, 16)),
        (date(2026, 11, 22), date(2026, 11, 16)),
        (date(2026, 11, 23), None),  # the week is not over
        (date(2021, 1, 3), date(2020, 12, 28)),  # ISO weeks do not end with the year
    ],
)
def test_events_are_counted_in_full_weeks(
    communes: list[Unit], occurred_on: date, week: date | None
) -> None:
    person = CitizenFactory(unit=communes[1])
    LifeEventFactory(kind="moved", occurred_on=occurred_on, unit=None, subject=person.party)

    count_weeks(day=DAY)

    expected = {} if week is None else {(communes[1].pk, week): 1}
    assert counted(CountKind.EVENT, "moved") == expected


def test_dossiers_are_counted_by_the_rule_that_suggested_them(
    communes: list[Unit], rules: None
) -> None:
    person = CitizenFactory(unit=communes[2])
    office = AgencyFactory(kind__key="cong_an_tinh_csgt", unit=communes[0].parent)
    suggestion = SuggestionFactory(citizen=person)
    late = moment(date(2026, 11, 16), 0)  # already Monday in Viet Nam, still Sunday in UTC
    with time_machine.travel(late):
        DossierFactory(owner_citizen=person, suggestion=suggestion, competent=office)
        DossierFactory(owner_citizen=CitizenFactory(unit=communes[2]), competent=office)

    count_weeks(day=DAY)

    week = date(2026, 11, 16)
    assert counted(CountKind.FILED, LICENCE) == {(communes[2].pk, week): 1}
    assert counted(CountKind.FILED, OTHER) == {(office.unit_id, week): 1}
