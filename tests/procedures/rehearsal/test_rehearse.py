"""The time machine tells beforehand what the scans do day by day, and writes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.enums import BirthPrecision
from citizens.models import Citizen
from notifications.models import Message, Preference
from procedures.enums import Answer
from procedures.models import RuleVersion, Suggestion
from procedures.services.rehearse import Rehearsal, compare, monday_of, rehearse
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    UnitFactory,
)
from tests.procedures.detection.scene import (
    CARD,
    DUE,
    LICENCE,
    everything,
    make_rule,
    scan_each_day,
)

pytestmark = pytest.mark.django_db
FIRST = date(2027, 1, 4)
LAST = FIRST + timedelta(days=75)
NOW = datetime(2027, 1, 4, 3, tzinfo=UTC)


def rehearsed(version: RuleVersion) -> Rehearsal:
    return rehearse(version=version, first=FIRST, last=LAST, now=NOW)


def version_of(definition: dict[str, Any]) -> RuleVersion:
    found: RuleVersion = make_rule(definition).versions.select_related("rule").get()
    return found


def a_town(random: Random) -> list[Citizen]:
    """Make some hundred people with licences, of all ages, here and there."""
    units = [UnitFactory(code=f"2019{n}") for n in range(3)]
    people: list[Citizen] = []
    for _ in range(120):
        born = FIRST - timedelta(days=random.randint(19, 80) * 365 + random.randint(0, 364))
        person: Citizen = CitizenFactory(birth_date=born, unit=random.choice(units))
        due = FIRST + timedelta(days=random.randint(-40, 200))
        category = random.choice(["B", "C"])
        issued = due - timedelta(days=3652)
        CredentialFactory(holder=person, expires_on=due, issued_on=issued, category=category)
        if random.random() < 0.1:
            Preference.objects.create(party=person.party, is_allowed=False)
        people.append(person)
    for person in random.sample(people, 20):
        child = CitizenFactory(birth_date=FIRST - timedelta(days=14 * 365 - random.randint(0, 90)))
        AuthorityFactory(actor=person, for_party=child.party)
    return people


CLASS_B = {"paper_class": {"classes": ["B"]}}


@pytest.mark.slow
@pytest.mark.parametrize(
    "definition", [LICENCE | {"conditions": CLASS_B}, CARD], ids=["paper", "age"]
)
def test_it_says_what_the_scans_of_each_day_do(definition: dict[str, Any]) -> None:
    a_town(Random(3))  # noqa: S311 - reproducible, no secret
    version = version_of(definition)

    said = rehearsed(version)
    scan_each_day(FIRST, LAST)

    assert said.matters == Suggestion.objects.count() > 10
    assert said.message_count == Message.objects.count()
    opened = Suggestion.objects.values_list("opened_on", flat=True)
    weeks = Counter(monday_of(day) for day in opened)
    assert {day: week.matters for day, week in said.by_week() if week.matters} == weeks
    units = Suggestion.objects.values_list("subject__citizen__unit", flat=True)
    assert said.by_unit() == Counter(units)
    anchors = set(Suggestion.objects.values_list("anchor", "cycle"))
    assert said.keys == anchors


def test_it_writes_nothing() -> None:
    person = CitizenFactory(birth_date=date(1980, 1, 1))
    CredentialFactory(holder=person, expires_on=DUE, issued_on=date(2017, 3, 1))
    version = version_of(LICENCE)
    before = everything()

    said = rehearsed(version)

    assert everything() == before
    assert said.matters == 1


def test_each_stage_of_the_period_is_counted_and_how_early_people_hear() -> None:
    person = CitizenFactory(birth_date=date(1980, 1, 1))
    CredentialFactory(
        holder=person, expires_on=FIRST + timedelta(days=70), issued_on=date(2017, 3, 1)
    )

    said = rehearsed(version_of(LICENCE))

    assert dict(said.messages) == {90: 1, 60: 1, 30: 1, 7: 1, 1: 1}  # late: 70 days are left
    assert dict(said.days_early) == {70: 1}


def test_whom_it_does_not_reach_is_told_by_channel() -> None:
    version = version_of(LICENCE)
    for kind in ("sms", "none", "old", "stopped"):
        person = CitizenFactory(birth_date=date(1980, 1, 1))
        CredentialFactory(
            holder=person, expires_on=LAST + timedelta(days=90), issued_on=date(2017, 3, 1)
        )
        if kind == "none":
            continue
        verified = NOW - timedelta(days=400 if kind == "old" else 30)
        ContactPointFactory(party=person.party, verified_at=verified)
        if kind == "stopped":
            Preference.objects.create(party=person.party, channel="sms", is_allowed=False)

    said = rehearsed(version)

    assert dict(said.channels) == {"sms": 1, "no_contact": 1, "old_contact": 1, "stopped": 1}
    assert said.not_reached == 3


def test_three_answers_with_the_conditions_that_failed() -> None:
    for category in ("B", "C", ""):
        person = CitizenFactory(birth_date=date(1980, 1, 1))
        CredentialFactory(
            holder=person, expires_on=DUE, issued_on=date(2017, 3, 1), category=category
        )
    elder = CitizenFactory(birth_date=date(1967, 1, 1), birth_precision=BirthPrecision.YEAR)
    CredentialFactory(holder=elder, expires_on=DUE, issued_on=date(2017, 3, 1), category="B")

    said = rehearsed(version_of(LICENCE | {"conditions": CLASS_B}))

    assert dict(said.answers) == {Answer.YES: 2, Answer.NO: 1, Answer.LIKELY: 1}
    assert said.reasons == {"paper_class": (1, 1)}
    assert said.matters == 2


def test_a_draft_is_compared_with_what_is_in_force() -> None:
    for days in (10, 80):
        person = CitizenFactory(birth_date=date(1980, 1, 1))
        CredentialFactory(
            holder=person, expires_on=LAST + timedelta(days=days), issued_on=date(2017, 3, 1)
        )
    version = version_of(LICENCE)
    shorter = LICENCE | {"lead_days": [30, 7], "open_days_before": 30}
    draft = RuleVersion.objects.create(
        rule=version.rule, number=2, definition=shorter, valid=DateRange(None, None), status="draft"
    )

    both = compare(draft=rehearsed(draft), other=rehearsed(version))

    assert (both.both, both.gained, both.lost) == (1, 0, 1)


def test_the_command_prints_and_exports(tmp_path: Path) -> None:
    person = CitizenFactory(
        birth_date=date(1980, 1, 1), unit=UnitFactory(name_vi="Phường Hải Châu")
    )
    CredentialFactory(holder=person, expires_on=DUE, issued_on=date(2017, 3, 1))
    version_of(LICENCE)
    out, path = StringIO(), tmp_path / "weeks.csv"

    call_command(
        "rehearse",
        "licence",
        "--from",
        "2027-01-04",
        "--to",
        "2027-03-20",
        "--csv",
        path,
        stdout=out,
    )

    assert "matters\t1" in out.getvalue()
    assert "nothing was written" in out.getvalue()
    assert "2027-01-04,Phường Hải Châu,1,1" in path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["gone"], "There is no rule 'gone'. Known are: licence."),
        (["licence", "--draft", "7"], "has no version 7"),
        (["licence", "--from", "2027-02-01", "--to", "2027-01-01"], "ends"),
    ],
)
def test_the_command_refuses_with_the_reason(arguments: list[str], reason: str) -> None:
    version_of(LICENCE)

    with pytest.raises(CommandError, match=reason):
        call_command("rehearse", *arguments)
