"""Yearly campaigns: children who start school, households whose recognition is looked at."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.models import Citizen, Credential, Household
from notifications.models import Message
from procedures.definition.period import Period
from procedures.detection.windows import DueWindow, campaign_in
from procedures.models import ProcedureVersion, Suggestion
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    HouseholdFactory,
    HouseholdMemberFactory,
    UnitFactory,
)
from tests.factories.procedures import rule_definition
from tests.procedures.detection.scene import (
    catalogue_rule,
    cycles,
    days_told,
    everything,
    scan,
    scan_each_day,
    states,
)

pytestmark = pytest.mark.django_db
BEGINS, ENDS = date(2027, 5, 15), date(2027, 7, 31)
GROWN_UP = date(1990, 5, 5)


def pupil(born: date = date(2021, 9, 9), **values: Any) -> tuple[Citizen, Citizen]:
    """Make a child and a mother who may act for it."""
    child, mother = CitizenFactory(birth_date=born, **values), CitizenFactory(birth_date=GROWN_UP)
    AuthorityFactory(actor=mother, for_party=child.party)
    return child, mother


class TestSchool:
    """Admission from 15 May to 31 July, told 30 and 7 days before it begins, and on that day."""

    def test_each_stage_is_told_once_and_the_matter_ends_with_the_campaign(self) -> None:
        catalogue_rule("primary_school_admission")
        child, mother = pupil()

        scan_each_day(BEGINS - timedelta(days=32), ENDS + timedelta(days=1))

        assert days_told(mother) == [107, 84, 77]
        assert days_told(child) == []
        assert cycles(child) == [(2027, "expired")]
        assert Suggestion.objects.get().due_on == ENDS
        assert Suggestion.objects.get().opened_on == BEGINS - timedelta(days=30)

    @pytest.mark.parametrize(
        ("born", "hears"),
        [
            (date(2020, 12, 31), False),
            (date(2021, 1, 1), True),
            (date(2021, 12, 31), True),
            (date(2022, 1, 1), False),
        ],
    )
    def test_it_concerns_who_turns_six_in_the_year(self, born: date, hears: bool) -> None:
        catalogue_rule("primary_school_admission")
        _, mother = pupil(born)

        scan(BEGINS)

        assert days_told(mother) == ([77] if hears else [])

    def test_a_child_born_on_a_leap_day_is_of_its_year(self) -> None:
        catalogue_rule("primary_school_admission")
        _, mother = pupil(date(2024, 2, 29))

        scan(date(2030, 5, 15))

        assert days_told(mother) == [77]

    @pytest.mark.parametrize(
        ("first_scan", "heard"),
        [
            (-31, []),
            (-30, [107]),
            (-8, [85]),
            (-1, [78]),
            (0, [77]),
            (20, [57]),
            (77, [0]),
            (78, []),
        ],
    )
    def test_a_late_scan_tells_the_most_urgent_stage_alone(
        self, first_scan: int, heard: list[int]
    ) -> None:
        catalogue_rule("primary_school_admission")
        _, mother = pupil()

        scan(BEGINS + timedelta(days=first_scan))
        scan(BEGINS + timedelta(days=first_scan))

        assert days_told(mother) == heard

    def test_both_parents_are_told_and_a_guardian_who_is_none_of_them(self) -> None:
        catalogue_rule("primary_school_admission")
        child, mother = pupil()
        guardian = CitizenFactory(birth_date=GROWN_UP)
        AuthorityFactory(actor=guardian, for_party=child.party, basis="guardian")

        scan(BEGINS)

        assert days_told(mother) == days_told(guardian) == [77]
        assert states() == ["open"]

    @pytest.mark.parametrize(
        "change",
        [
            {"died_on": BEGINS},
            {"emigrated_on": BEGINS},
            {"birth_date": date(2020, 9, 9)},
        ],
        ids=["died", "emigrated", "a corrected birth date"],
    )
    def test_what_no_longer_holds_is_withdrawn(self, change: dict[str, Any]) -> None:
        catalogue_rule("primary_school_admission")
        child, _ = pupil()
        scan(BEGINS - timedelta(days=30))
        Citizen.objects.filter(pk=child.pk).update(**change)

        scan(BEGINS)

        assert states() == ["withdrawn"]
        assert set(Message.objects.values_list("state", flat=True)) == {"withdrawn"}

    def test_who_moves_out_of_a_pilot_s_units_is_no_longer_asked(self) -> None:
        unit, other = UnitFactory(), UnitFactory()
        catalogue_rule("primary_school_admission", units=[unit.code])
        child, mother = pupil(unit=unit)
        scan(BEGINS - timedelta(days=30))
        Citizen.objects.filter(pk=child.pk).update(unit=other)

        scan(BEGINS)

        assert Suggestion.objects.get().reason == "moved_away"
        assert days_told(mother) == [107]


class TestHouseholds:
    """Review from 1 September to 14 December of households that are recognised."""

    BEGINS, ENDS = date(2026, 9, 1), date(2026, 12, 14)

    def poor(self, **values: Any) -> tuple[Household, Citizen, Credential]:
        head = CitizenFactory(birth_date=GROWN_UP)
        household = HouseholdFactory(head=head)
        stated = {
            "category": "Hộ nghèo",
            "issued_on": date(2025, 12, 15),
            "expires_on": date(2026, 12, 31),
        }
        paper = CredentialFactory(
            holder=household, kind="poor_household_status", register__code="POV",
            **(stated | values),
        )  # fmt: skip
        return household, head, paper

    def test_the_head_is_told_of_the_household_s_review(self) -> None:
        catalogue_rule("poor_household_annual_review")
        household, head, _ = self.poor()
        member = CitizenFactory(birth_date=GROWN_UP)
        HouseholdMemberFactory(household=household, citizen=member)

        scan_each_day(self.BEGINS - timedelta(days=31), self.BEGINS + timedelta(days=1))

        assert days_told(head) == [134, 104]
        assert days_told(member) == []
        assert cycles(household.party) == [(2026, "open")]

    @pytest.mark.parametrize(
        ("paper", "hears"),
        [
            ({"expires_on": date(2026, 8, 31)}, False),
            ({"expires_on": date(2026, 9, 1)}, True),
            ({"expires_on": None}, True),
            ({"status": "revoked"}, False),
            ({"issued_on": date(2026, 12, 15), "expires_on": date(2027, 12, 31)}, False),
        ],
        ids=["ended before", "ends in it", "no term", "revoked", "of the next year"],
    )
    def test_only_a_recognition_that_stands_is_reviewed(
        self, paper: dict[str, Any], hears: bool
    ) -> None:
        catalogue_rule("poor_household_annual_review")
        _, head, _ = self.poor(**paper)

        scan(self.BEGINS)

        assert days_told(head) == ([104] if hears else [])

    def test_two_papers_of_a_household_are_one_matter(self) -> None:
        catalogue_rule("poor_household_annual_review")
        household, head, _ = self.poor()
        CredentialFactory(
            holder=household, kind="poor_household_status", register__code="POV",
            category="Hộ nghèo", issued_on=date(2026, 1, 1), expires_on=date(2026, 12, 31),
        )  # fmt: skip

        scan(self.BEGINS)

        assert days_told(head) == [104]
        assert states() == ["open"]

    @pytest.mark.parametrize(
        ("category", "told_by"),
        [
            ("Hộ nghèo", "poor_household_annual_review"),
            ("Hộ cận nghèo", "poor_household_annual_review"),
            ("Không", "poor_household_recognition"),
        ],
    )
    def test_each_household_hears_of_one_matter(self, category: str, told_by: str) -> None:
        """Who is on the list is reviewed; who was looked at and is not on it has to ask."""
        catalogue_rule("poor_household_annual_review")
        catalogue_rule("poor_household_recognition")
        _, head, _ = self.poor(category=category)

        scan_each_day(self.BEGINS - timedelta(days=31), self.BEGINS + timedelta(days=1))

        assert [one.rule.key for one in Suggestion.objects.all()] == [told_by]
        assert len(days_told(head)) == (2 if told_by == "poor_household_annual_review" else 1)

    def test_a_household_that_leaves_the_list_meanwhile_hears_of_the_other_way(self) -> None:
        catalogue_rule("poor_household_annual_review")
        catalogue_rule("poor_household_recognition")
        _, _, paper = self.poor(category="Hộ cận nghèo")
        scan(self.BEGINS)
        Credential.objects.filter(pk=paper.pk).update(category="Không")

        scan(self.BEGINS + timedelta(days=1))

        waiting = Suggestion.objects.filter(state="open")
        assert [one.rule.key for one in waiting] == ["poor_household_recognition"]

    def test_a_recognition_that_is_taken_back_ends_the_matter(self) -> None:
        catalogue_rule("poor_household_annual_review")
        _, _, paper = self.poor()
        scan(self.BEGINS)
        Credential.objects.filter(pk=paper.pk).update(status="revoked")

        scan(self.BEGINS + timedelta(days=1))

        assert Suggestion.objects.get().reason == "paper_ended"

    def test_a_new_head_is_told_from_then_on(self) -> None:
        catalogue_rule("poor_household_annual_review")
        household, head, _ = self.poor()
        scan(self.BEGINS - timedelta(days=30))
        household.members.update(valid=DateRange(date(2020, 1, 1), self.BEGINS))
        heir = CitizenFactory(birth_date=GROWN_UP)
        HouseholdMemberFactory(
            household=household, citizen=heir, is_head=True, valid=DateRange(self.BEGINS, None)
        )

        scan(self.BEGINS)

        assert days_told(head) == [134]
        assert days_told(heir) == [104]

    def test_nothing_is_suggested_past_the_end_of_what_it_offers(self) -> None:
        rule = catalogue_rule("poor_household_annual_review")
        _, head, _ = self.poor(expires_on=None)
        versions = ProcedureVersion.objects.filter(procedure=rule.procedure)
        versions.update(valid=DateRange(None, self.BEGINS))

        scan(self.BEGINS - timedelta(days=30))
        scan(self.BEGINS)

        assert days_told(head) == [134]
        assert Suggestion.objects.get().reason == "rule_ended"


def test_a_second_scan_writes_nothing() -> None:
    catalogue_rule("primary_school_admission")
    pupil()
    scan(BEGINS)
    stood = everything()

    again = scan(BEGINS)

    assert not again.total
    assert everything() == stood


@pytest.mark.parametrize(
    ("text", "year", "first", "last"),
    [
        ("05-15/07-31", 2027, date(2027, 5, 15), date(2027, 7, 31)),
        ("12-01/01-31", 2026, date(2026, 12, 1), date(2027, 1, 31)),
        ("02-01/02-29", 2027, date(2027, 2, 1), date(2027, 2, 28)),
        ("02-01/02-29", 2028, date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_periods(text: str, year: int, first: date, last: date) -> None:
    period = Period.parse(text)

    assert (period.first_day(year), period.last_day(year)) == (first, last)


def test_the_campaign_of_a_window() -> None:
    rule = rule_definition("primary_school_admission")
    for first, last, year in (
        (date(2027, 7, 31), date(2027, 9, 1), 2027),
        (date(2027, 8, 1), date(2028, 7, 30), None),
        (date(2026, 12, 1), date(2027, 7, 31), 2027),
    ):
        found = campaign_in(rule, DueWindow(first, last))
        assert (found.year if found.is_due else None) == year
