"""Whom a due fact concerns: each condition, on its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.enums import CredentialStatus
from citizens.models import Citizen, Credential
from notifications.models import Message
from procedures.models import OpenMatter, Procedure, Suggestion
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    UnitFactory,
)
from tests.procedures.detection.scene import (
    CARD,
    DUE,
    LICENCE,
    MEDICAL,
    before,
    cycles,
    make_rule,
    scan,
    scan_before,
    states,
    told,
)

pytestmark = pytest.mark.django_db
GROWN_UP = date(1986, 5, 5)


def licence(holder: Citizen | None = None, **values: Any) -> Credential:
    values = {"expires_on": DUE, "issued_on": date(2017, 3, 1)} | values
    return CredentialFactory(holder=holder or CitizenFactory(birth_date=GROWN_UP), **values)


@pytest.mark.parametrize(
    "gone",
    [
        {"died_on": date(2026, 10, 1)},
        {"emigrated_on": date(2026, 10, 1)},
        {"survivor": True},
    ],
    ids=["died", "emigrated", "merged into another record"],
)
def test_who_is_gone_is_never_told(gone: dict[str, Any]) -> None:
    make_rule()
    if "survivor" in gone:
        gone = {"survivor": CitizenFactory(birth_date=GROWN_UP)}
    licence(CitizenFactory(birth_date=GROWN_UP, **gone))

    scan_before(90, 60, 30, 7, 1)

    assert not Suggestion.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"died_on": date(2026, 12, 2)}, "died"),
        ({"emigrated_on": date(2026, 12, 2)}, "emigrated_or_merged"),
    ],
)
def test_who_goes_while_a_suggestion_waits_hears_no_more(
    change: dict[str, Any], reason: str
) -> None:
    make_rule()
    holder = licence().holder
    scan(before(90))
    Citizen.objects.filter(pk=holder.pk).update(**change)

    scan_before(89, 60, 30)

    assert states() == ["withdrawn"]
    assert Suggestion.objects.get().reason == reason
    assert told(holder) == [(90, 1)]
    assert set(Message.objects.values_list("state", flat=True)) == {"withdrawn"}


@pytest.mark.parametrize(
    "status", [CredentialStatus.REVOKED, CredentialStatus.LOST, CredentialStatus.SUPERSEDED]
)
def test_only_papers_that_stand_are_watched(status: str) -> None:
    make_rule()
    paper = licence(status=status)
    scan(before(90))
    assert not Suggestion.objects.exists()

    Credential.objects.update(status=CredentialStatus.VALID)
    scan(before(89))
    Credential.objects.update(status=status)
    scan(before(88))

    assert cycles(paper.holder) == [(1, "withdrawn")]
    assert Suggestion.objects.get().reason == "paper_ended"


@pytest.mark.parametrize("sentinel", [date(2049, 12, 31), date(2099, 12, 31), date(2100, 1, 1)])
def test_dates_that_mean_unknown_or_never_are_not_due(sentinel: date) -> None:
    make_rule()
    licence(expires_on=sentinel)
    real = licence(expires_on=sentinel + timedelta(days=2))

    scan(sentinel - timedelta(days=30))

    assert [suggestion.anchor for suggestion in Suggestion.objects.all()] == [real.pk]


def test_an_expiry_that_becomes_a_sentinel_ends_the_suggestion() -> None:
    make_rule()
    licence()
    scan(before(90))
    Credential.objects.update(expires_on=date(9999, 12, 31))

    scan(before(60))

    assert states() == ["withdrawn"]


def test_only_units_that_exist_and_take_part() -> None:
    pilot = UnitFactory(code="20194")
    make_rule(LICENCE | {"units": ["20194"]})
    gone = UnitFactory(code="20200", valid=DateRange(None, date(2026, 1, 1)))
    here = licence(CitizenFactory(birth_date=GROWN_UP, unit=pilot))
    licence(CitizenFactory(birth_date=GROWN_UP, unit=gone))
    licence()

    scan(before(90))

    assert [suggestion.subject_id for suggestion in Suggestion.objects.all()] == [here.holder_id]


def test_who_moves_out_of_a_pilot_is_reminded_no_more() -> None:
    pilot = UnitFactory(code="20194")
    make_rule(LICENCE | {"units": ["20194"]})
    holder = licence(CitizenFactory(birth_date=GROWN_UP, unit=pilot)).holder
    scan(before(90))
    Citizen.objects.filter(pk=holder.pk).update(unit=UnitFactory())

    scan(before(60))

    assert states() == ["withdrawn"]
    assert Suggestion.objects.get().reason == "moved_away"


@pytest.mark.parametrize(
    ("matter", "is_silent"),
    [
        ({}, True),
        ({"anchor": "the paper's"}, True),
        ({"anchor": 999_999}, False),
        ({"closed_on": date(2026, 11, 1)}, False),
        ({"procedure": "other"}, False),
    ],
    ids=["open", "open for this paper", "for another paper", "closed", "of another procedure"],
)
def test_no_suggestion_while_a_dossier_of_the_procedure_is_open(
    matter: dict[str, Any], is_silent: bool
) -> None:
    rule = make_rule()
    paper = licence()
    if "procedure" in matter:
        matter = {"procedure": Procedure.objects.create(key="other", code="1.other")}
    if isinstance(matter.get("anchor"), str):
        matter = {"anchor": paper.pk}
    values = {"procedure": rule.procedure, "party": paper.holder, "opened_on": date(2026, 10, 1)}
    OpenMatter.objects.create(reference="H17-1", **(values | matter))

    scan(before(90))

    assert Suggestion.objects.exists() != is_silent


def test_a_dossier_opened_elsewhere_withdraws_and_a_refused_one_brings_back() -> None:
    rule = make_rule()
    holder = licence().holder
    scan(before(90))
    assert rule.procedure is not None
    matter = OpenMatter.objects.create(
        procedure=rule.procedure, party=holder, reference="H17-1", opened_on=before(80)
    )
    scan(before(79))
    assert states() == ["withdrawn"]
    assert Suggestion.objects.get().reason == "dossier_open"

    matter.closed_on, matter.outcome = before(70), "refused"
    matter.save()
    scan_before(69, 60)

    assert states() == ["open"]
    assert told(holder) == [(90, 1), (60, 1)]


class TestBirthdays:
    @pytest.fixture(autouse=True)
    def rule(self) -> None:
        make_rule(CARD, "card")

    @pytest.mark.parametrize(
        ("born", "birthday", "age"),
        [
            (date(2002, 3, 1), date(2027, 3, 1), 25),
            (date(1987, 3, 1), date(2027, 3, 1), 40),
            (date(1967, 3, 1), date(2027, 3, 1), 60),
            (date(2004, 2, 29), date(2029, 2, 28), 25),
            (date(1988, 2, 29), date(2028, 2, 29), 40),
        ],
    )
    def test_a_birthday_is_told_at_each_stage(self, born: date, birthday: date, age: int) -> None:
        person = CitizenFactory(birth_date=born)

        for days in (61, 60, 30, 7, 1, 0):
            scan(birthday - timedelta(days=days))

        assert told(person) == [(60, 1), (30, 1), (7, 1), (0, 1)]
        suggestion = Suggestion.objects.get()
        assert (suggestion.anchor, suggestion.cycle) == (person.pk, age)
        assert suggestion.due_on == birthday
        params = Message.objects.earliest("pk").params
        assert sorted(params) == ["count", "days", "due_on", "paper"]

    def test_a_child_s_fourteenth_birthday_is_told_to_the_parents(self) -> None:
        child = CitizenFactory(birth_date=date(2013, 3, 1))
        mother = CitizenFactory(birth_date=GROWN_UP)
        AuthorityFactory(actor=mother, for_party=child.party)

        scan(before(60))

        assert told(mother) == [(60, 1)]
        assert cycles(child) == [(14, "open")]

    @pytest.mark.parametrize(
        ("issued_on", "hears"),
        [
            (date(2025, 2, 28), True),
            (date(2025, 3, 1), False),
            (date(2026, 11, 1), False),
        ],
        ids=["longer ago", "two years before", "lately"],
    )
    def test_a_card_issued_within_two_years_before_outlives_the_birthday(
        self, issued_on: date, hears: bool
    ) -> None:
        person = CitizenFactory(birth_date=date(2002, 3, 1))
        CredentialFactory(
            holder=person, kind="citizen_identity_card", issued_on=issued_on, expires_on=None
        )

        scan(before(60))

        assert Suggestion.objects.exists() == hears

    def test_a_new_card_ends_the_suggestion(self) -> None:
        person = CitizenFactory(birth_date=date(2002, 3, 1))
        scan(before(60))
        CredentialFactory(
            holder=person, kind="citizen_identity_card", issued_on=before(40), expires_on=None
        )

        scan(before(30))

        assert cycles(person) == [(25, "withdrawn")]
        assert told(person) == [(60, 1)]

    def test_a_corrected_birth_date_moves_the_suggestion(self) -> None:
        person = CitizenFactory(birth_date=date(2002, 3, 1))
        scan(before(60))
        Citizen.objects.filter(pk=person.pk).update(birth_date=date(2002, 3, 2))

        scan_before(59, 30, 29)

        assert cycles(person) == [(25, "open")]
        assert told(person) == [(60, 1), (30, 1)]


def test_after_the_last_day_for_filing_nobody_is_told() -> None:
    make_rule(MEDICAL, "medical")
    paper = licence(kind="medical_practice_licence")

    scan_before(121, 120, 90, 75, 65, 60)
    assert told(paper.holder) == [(120, 1), (90, 1), (75, 1), (65, 1)]
    assert states() == ["open"]
    assert Message.objects.earliest("pk").params["last_filing_on"] == before(60).isoformat()

    scan(before(59))
    assert states() == ["expired"]


def test_a_message_is_not_sent_after_the_last_useful_day() -> None:
    make_rule()
    licence()

    scan(before(90))

    # 31 March 2027 is the last day of grace; its end is 17:00 of that day in UTC.
    assert Message.objects.get().not_after == datetime(2027, 3, 31, 17, tzinfo=UTC)
