"""A birth that a hospital told of: which parent hears, when, and what ends the matter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from citizens.enums import LifeEventKind
from citizens.models import Citizen, EventParty, LifeEvent
from notifications.models import Message, Preference
from procedures.models import OpenMatter, Procedure, Recipient, Rule, Suggestion
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    RelationFactory,
)
from tests.factories.procedures import BundleVersionFactory
from tests.procedures.detection.scene import (
    catalogue_rule,
    days_told,
    event,
    scan,
    scan_each_day,
    states,
    told,
)

pytestmark = pytest.mark.django_db
DAY = date(2027, 1, 10)
GROWN_UP = date(1990, 5, 5)
BIRTH = LifeEventKind.BIRTH_NOTIFIED


def after(days: int) -> date:
    """Return the civil date so many days after the event."""
    return DAY + timedelta(days=days)


def person(**values: Any) -> Citizen:
    return CitizenFactory(**{"birth_date": GROWN_UP} | values)


class TestBirth:
    """60 days to register a birth: told on days 3, 14, 30, 45 and 55 after it."""

    def test_the_matter_is_there_at_once_and_told_at_each_follow_up(self) -> None:
        catalogue_rule("birth")
        mother, father = person(), person()
        birth = event(BIRTH, DAY, mother=mother, father=father)

        scan(DAY)
        assert states() == ["open"]
        assert not Message.objects.exists()
        scan_each_day(after(1), after(60))

        assert days_told(mother) == days_told(father) == [57, 46, 30, 15, 5]
        suggestion = Suggestion.objects.get()
        assert (suggestion.anchor, suggestion.cycle) == (birth.pk, 0)
        assert suggestion.subject == mother.party
        assert suggestion.due_on == after(60)
        assert Message.objects.earliest("pk").params == {
            "paper": {
                "vi": "Khai sinh, thường trú, bảo hiểm y tế, căn cước cho trẻ",
                "en": "Birth, residence, health insurance and identity card of a child",
            },
            "due_on": "2027-03-11",
            "days": 57,
            "count": 1,
            "event_on": "2027-01-10",
        }

    @pytest.mark.parametrize(
        ("first_scan", "heard"),
        [
            (-1, []),
            (0, []),
            (2, []),
            (3, [57]),
            (4, [56]),
            (20, [40]),
            (59, [1]),
            (61, [-1]),
            (91, []),
        ],
    )
    def test_a_notice_that_comes_late_is_told_once(self, first_scan: int, heard: list[int]) -> None:
        catalogue_rule("birth")
        mother = person()
        event(BIRTH, DAY, mother=mother)

        scan(after(first_scan))
        scan(after(first_scan))

        assert days_told(mother) == heard
        assert Suggestion.objects.exists() == (0 <= first_scan <= 90)

    def test_over_tet_no_day_is_missed(self) -> None:
        """Tết 2027 is on 6 February; days are civil days, whatever the offices do."""
        catalogue_rule("birth")
        mother = person()
        event(BIRTH, date(2027, 1, 23), mother=mother)

        scan_each_day(date(2027, 1, 23), date(2027, 2, 10))

        told_on = [message.due_at.date() for message in Message.objects.order_by("pk")]
        assert told_on == [date(2027, 1, 25), date(2027, 2, 5)]  # 23:00 UTC of the day before

    @pytest.mark.parametrize(
        ("born", "due_on"),
        [
            (date(2027, 12, 31), date(2028, 2, 29)),
            (date(2028, 2, 29), date(2028, 4, 29)),
            (date(2026, 12, 31), date(2027, 3, 1)),
        ],
    )
    def test_leap_days(self, born: date, due_on: date) -> None:
        catalogue_rule("birth")
        event(BIRTH, born, mother=person())

        scan(born)

        assert Suggestion.objects.get().due_on == due_on

    def test_whom_the_event_does_not_name_is_not_told(self) -> None:
        catalogue_rule("birth")
        mother, husband = person(), person()
        RelationFactory(person=husband, relative=mother, kind="spouse")
        event(BIRTH, DAY, mother=mother)

        scan(after(3))

        assert days_told(mother) == [57]
        assert days_told(husband) == []

    def test_a_mother_under_age_is_told_through_who_may_act_for_her(self) -> None:
        catalogue_rule("birth")
        mother, grandmother = person(birth_date=date(2010, 6, 1)), person()
        AuthorityFactory(actor=grandmother, for_party=mother.party)
        event(BIRTH, DAY, mother=mother)

        scan(after(3))

        assert days_told(grandmother) == [57]
        assert days_told(mother) == []

    def test_one_parent_dismisses_and_the_other_is_reminded(self) -> None:
        catalogue_rule("birth")
        mother, father = person(), person()
        event(BIRTH, DAY, mother=mother, father=father)
        scan(after(3))
        Recipient.objects.filter(citizen=father).update(state="dismissed")

        scan(after(14))

        assert days_told(mother) == [57, 46]
        assert days_told(father) == [57]

    def test_who_opted_out_is_left_out(self) -> None:
        catalogue_rule("birth")
        mother, father = person(), person()
        event(BIRTH, DAY, mother=mother, father=father)
        Preference.objects.create(party=mother.party, topic=None)

        scan(after(3))

        assert [row.citizen_id for row in Recipient.objects.all()] == [father.pk]

    def test_a_father_who_becomes_known_later_is_told_from_then_on(self) -> None:
        catalogue_rule("birth")
        mother, father = person(), person()
        birth = event(BIRTH, DAY, mother=mother)
        scan(after(3))
        EventParty.objects.create(event=birth, party=father.party, role="father")

        scan(after(14))

        assert days_told(mother) == [57, 46]
        assert days_told(father) == [46]
        assert Suggestion.objects.get().subject == mother.party

    def test_after_the_mother_s_death_the_matter_is_the_father_s(self) -> None:
        catalogue_rule("birth")
        mother, father = person(), person()
        event(BIRTH, DAY, mother=mother, father=father)
        scan(after(3))
        Citizen.objects.filter(pk=mother.pk).update(died_on=after(5))

        scan(after(5))
        scan(after(14))

        assert states() == ["open"]
        assert Suggestion.objects.get().subject == father.party
        assert days_told(father) == [57, 46]
        assert days_told(mother) == [57]

    def test_of_a_mother_who_lives_elsewhere_the_father_is_told_of_it(self) -> None:
        catalogue_rule("birth")
        mother, father = person(emigrated_on=after(-100)), person()
        event(BIRTH, DAY, mother=mother, father=father)

        scan(after(3))

        assert Suggestion.objects.get().subject == father.party
        assert days_told(father) == [57]

    @pytest.mark.parametrize(
        ("code", "reason"),
        [("1.birth", "dossier_open"), ("1.first", "dossier_open"), ("1.second", "")],
        ids=["the filing procedure", "the first step", "a later step"],
    )
    def test_a_dossier_of_the_bundle_ends_it(self, code: str, reason: str) -> None:
        rule = catalogue_rule("birth")
        steps = [{"procedure": "1.first"}, {"procedure": "1.second"}]
        document = {"linked_procedure": "1.birth", "steps": steps}
        bundle = BundleVersionFactory(bundle__key="birth", definition=document).bundle
        Rule.objects.filter(pk=rule.pk).update(procedure=None, bundle=bundle)
        mother = person()
        event(BIRTH, DAY, mother=mother)
        scan(after(3))
        made, _ = Procedure.objects.get_or_create(code=code, defaults={"key": code})
        OpenMatter.objects.create(
            procedure=made, party=mother.party, reference="H17-1", opened_on=after(4)
        )

        scan(after(5))

        assert Suggestion.objects.get().reason == reason
        assert states() == (["withdrawn"] if reason else ["open"])

    def test_a_corrected_birth_date_moves_the_limit_and_repeats_nothing(self) -> None:
        catalogue_rule("birth")
        mother = person()
        birth = event(BIRTH, DAY, mother=mother)
        scan(after(3))
        LifeEvent.objects.filter(pk=birth.pk).update(occurred_on=after(2))

        scan_each_day(after(4), after(16))

        assert Suggestion.objects.get().due_on == after(62)
        assert days_told(mother) == [57, 46]

    def test_two_births_of_one_mother_are_two_matters_and_one_message(self) -> None:
        catalogue_rule("birth")
        mother = person()
        for _ in range(2):
            event(BIRTH, DAY, mother=mother)

        scan(after(3))

        assert told(mother) == [(57, 2)]
        assert states() == ["open", "open"]
