"""The loop of a driving licence, stages 90/60/30/7/1, from the first notice to the next cycle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from citizens.models import Credential
from notifications.enums import MessageState
from notifications.models import Message
from procedures.models import Recipient, Rule, Suggestion
from tests.factories.citizens import CitizenFactory, CredentialFactory
from tests.procedures.detection.scene import (
    DUE,
    LICENCE,
    before,
    cycles,
    everything,
    make_rule,
    release,
    scan,
    scan_before,
    scan_each_day,
    states,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def licence() -> Credential:
    """A licence of a 40-year-old that runs out on DUE, and the rule about it."""
    make_rule()
    holder = CitizenFactory(birth_date=date(1986, 5, 5))
    return CredentialFactory(holder=holder, expires_on=DUE, issued_on=date(2017, 3, 1))


def test_nothing_is_said_before_the_first_stage(licence: Credential) -> None:
    result = scan(before(91))

    assert not result.total
    assert not Suggestion.objects.exists()


def test_first_stage_makes_one_suggestion_and_one_message(licence: Credential) -> None:
    scan(before(90))

    suggestion = Suggestion.objects.get()
    assert (suggestion.anchor, suggestion.cycle) == (licence.pk, licence.term)
    assert (suggestion.due_on, suggestion.stage_sent) == (DUE, 90)
    assert suggestion.next_remind_on == before(60)
    assert Recipient.objects.get().citizen_id == licence.holder_id
    message = Message.objects.get()
    assert message.state == MessageState.QUEUED
    assert message.about_id == message.recipient_id == licence.holder_id
    assert message.thread_key == f"suggestion:{suggestion.pk}"
    assert message.dedupe_key == f"remind:{suggestion.pk}:90:{licence.holder_id}"
    assert message.params == {
        "paper": {"vi": "Giấy phép lái xe", "en": "Driving licence"},
        "due_on": "2027-03-01",
        "days": 90,
        "count": 1,
        "last_filing_on": None,
    }


def test_each_stage_is_told_once_and_stays_one_suggestion(licence: Credential) -> None:
    scan_before(91, 90, 89, 61, 60, 59, 31, 30, 29, 8, 7, 6, 2, 1, 0, -1, -5)

    assert told(licence.holder) == [(90, 1), (60, 1), (30, 1), (7, 1), (1, 1)]
    assert cycles(licence.holder) == [(1, "open")]


@pytest.mark.parametrize(
    ("silent_from", "next_scan", "heard"),
    [
        (91, 85, [(85, 1)]),
        (61, 56, [(90, 1), (56, 1)]),
        (31, 5, [(90, 1), (60, 1), (5, 1)]),
        (8, 0, [(90, 1), (60, 1), (30, 1), (0, 1)]),
        (8, -5, [(90, 1), (60, 1), (30, 1), (-5, 1)]),
    ],
)
def test_after_days_without_a_scan_only_the_most_urgent_stage_is_told(
    licence: Credential, silent_from: int, next_scan: int, heard: list[tuple[int, int]]
) -> None:
    scan_before(*(stage for stage in (90, 60, 30, 7, 1) if stage >= silent_from))

    scan_before(next_scan, next_scan - 1)

    assert told(licence.holder) == heard
    assert cycles(licence.holder) == [(1, "open")]


@pytest.mark.parametrize("days", [91, 90, 60, 45, 1, 0, -30, -31])
def test_a_second_scan_of_a_date_writes_nothing(licence: Credential, days: int) -> None:
    scan(before(90))
    scan(before(days))
    stood = everything()

    again = scan(before(days))

    assert not again.total
    assert everything() == stood


def test_a_renewed_licence_is_reminded_again_in_its_next_cycle(licence: Credential) -> None:
    scan(before(90))
    Credential.objects.filter(pk=licence.pk).update(
        term=2, issued_on=before(80), expires_on=DUE.replace(year=2037)
    )

    scan(before(60))
    scan(before(90).replace(year=2036))

    assert cycles(licence.holder) == [(1, "withdrawn"), (2, "open")]
    assert Suggestion.objects.earliest("pk").reason == "renewed"
    assert told(licence.holder) == [(90, 1), (90, 1)]


def test_the_message_that_still_waits_is_withdrawn_with_its_suggestion(licence: Credential) -> None:
    scan(before(90))
    Credential.objects.filter(pk=licence.pk).update(term=2, expires_on=DUE.replace(year=2037))

    scan(before(89))

    assert Message.objects.get().state == MessageState.WITHDRAWN


@pytest.mark.parametrize("correction", [1, -1, 20])
def test_a_corrected_date_moves_the_suggestion_and_starts_no_cycle(
    licence: Credential, correction: int
) -> None:
    scan(before(60))
    corrected = DUE + timedelta(days=correction)
    Credential.objects.filter(pk=licence.pk).update(expires_on=corrected)

    scan(before(59))

    suggestion = Suggestion.objects.get()
    assert (suggestion.due_on, suggestion.stage_sent) == (corrected, 60)
    assert suggestion.next_remind_on == corrected - timedelta(days=30)
    assert told(licence.holder) == [(60, 1)]
    scan_each_day(corrected - timedelta(days=31), corrected - timedelta(days=29))
    assert told(licence.holder) == [(60, 1), (30, 1)]


def test_a_new_version_of_the_rule_does_not_open_the_cycle_again(licence: Credential) -> None:
    scan(before(90))
    Suggestion.objects.update(state="dismissed")
    release(Suggestion.objects.get().rule, LICENCE | {"lead_days": [80, 45]}, first=before(85))

    scan_before(85, 80, 60, 45, 40)

    assert states() == ["dismissed"]
    assert told(licence.holder) == [(90, 1)]


def test_stages_of_a_new_version_hold_for_suggestions_that_wait(licence: Credential) -> None:
    scan(before(90))
    release(Suggestion.objects.get().rule, LICENCE | {"lead_days": [80, 45]}, first=before(85))

    scan_before(85, 80, 79, 61, 60, 59, 46, 45, 44)

    # The day of the next reminder was set by the old version; from it on the new stages count.
    assert told(licence.holder) == [(90, 1), (60, 1), (45, 1)]


def test_the_suggestion_expires_after_the_days_of_grace(licence: Credential) -> None:
    scan_before(2, 0, -29, -30)
    assert states() == ["open"]

    scan(before(-31))

    assert states() == ["expired"]
    assert Suggestion.objects.get().reason == "too_late"


@pytest.mark.parametrize("later", [20, 60])
def test_an_expired_suggestion_comes_back_when_its_date_was_corrected(
    licence: Credential, later: int
) -> None:
    scan_before(90, -31)
    assert states() == ["expired"]
    corrected = DUE + timedelta(days=later)
    Credential.objects.filter(pk=licence.pk).update(expires_on=corrected)

    scan(before(-32))

    suggestion = Suggestion.objects.get()
    assert (suggestion.state, suggestion.reason, suggestion.due_on) == ("open", "", corrected)
    assert told(licence.holder) == [(90, 1), (later - 32, 1)]
    stood = everything()
    scan(before(-32))
    assert everything() == stood


def test_an_expired_suggestion_stays_so_while_its_date_stands(licence: Credential) -> None:
    scan_before(90, -31, -32, -60)

    assert states() == ["expired"]


def test_nobody_is_told_of_a_paper_that_ran_out_before_the_days_of_grace(
    licence: Credential,
) -> None:
    scan(before(-31))

    assert not Suggestion.objects.exists()


def test_a_snoozed_suggestion_comes_back_on_its_day_and_only_then(licence: Credential) -> None:
    scan(before(90))
    Suggestion.objects.update(state="snoozed", next_remind_on=before(70))

    scan_before(89, 71)
    assert states() == ["snoozed"]
    scan_before(70, 69, 61, 60, 59)

    assert states() == ["open"]
    assert told(licence.holder) == [(90, 1), (70, 1), (60, 1)]


def test_a_snoozed_suggestion_wakes_at_the_last_stage_of_an_earlier_date(
    licence: Credential,
) -> None:
    scan(before(30))
    Suggestion.objects.update(state="snoozed", next_remind_on=before(2))
    Credential.objects.filter(pk=licence.pk).update(expires_on=before(10))

    scan(before(29))
    assert Suggestion.objects.get().next_remind_on == before(11)
    scan_before(12, 11)

    assert states() == ["open"]
    assert told(licence.holder) == [(30, 1), (1, 1)]


def test_a_snoozed_suggestion_keeps_its_day_where_the_new_date_allows(licence: Credential) -> None:
    scan(before(60))
    Suggestion.objects.update(state="snoozed", next_remind_on=before(40))
    Credential.objects.filter(pk=licence.pk).update(expires_on=before(10))

    scan(before(59))

    assert Suggestion.objects.get().next_remind_on == before(40)


def test_an_accepted_suggestion_is_left_in_peace(licence: Credential) -> None:
    scan(before(90))
    Suggestion.objects.update(state="accepted")

    scan_before(89, 60, 30, 7, 1, -31)

    assert states() == ["accepted"]
    assert told(licence.holder) == [(90, 1)]


def test_a_rule_that_ends_withdraws_what_waits(licence: Credential) -> None:
    scan(before(90))
    rule = Suggestion.objects.get().rule
    rule.is_active = False
    rule.save()

    scan(before(89))

    assert states() == ["withdrawn"]
    assert Suggestion.objects.get().reason == "rule_ended"
    assert Message.objects.get().state == MessageState.WITHDRAWN


def test_a_rule_that_no_scan_opens_keeps_its_suggestions(licence: Credential) -> None:
    scan(before(90))
    Rule.objects.update(kind="life_event")

    scan(before(89))

    assert states() == ["open"]


def test_a_suggestion_withdrawn_by_mistake_comes_back_without_repeating_a_stage(
    licence: Credential,
) -> None:
    scan(before(90))
    holder = licence.holder.citizen
    type(holder).objects.filter(pk=holder.pk).update(died_on=before(89))
    scan(before(88))
    assert states() == ["withdrawn"]

    type(holder).objects.filter(pk=holder.pk).update(died_on=None)
    scan_before(80, 61, 60, 59)

    assert cycles(licence.holder) == [(1, "open")]
    assert told(licence.holder) == [(90, 1), (60, 1)]
