"""What the last check learns about people, in how many queries, and how a message is worded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.enums import Channel, MessageState
from notifications.models import Message
from notifications.rendering import render
from notifications.rules.facts import Case
from notifications.rules.wording import WordingError, grouped
from notifications.selectors.cases import gather_cases
from notifications.selectors.texts import Shelf, TextMissingError
from notifications.transports.base import Content
from portal.common import clock
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    ContactPointFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.factories.notifications import (
    MessageFactory,
    PreferenceFactory,
    put_version,
    reachable,
    reminder_params,
)


def case_of(message: Message) -> Case:
    return gather_cases([message], now=clock.now())[message.pk]


def test_a_message_to_a_merged_record_is_for_the_survivor(texts: None) -> None:
    survivor = reachable()
    middle = CitizenFactory(survivor=survivor.citizen)
    merged = CitizenFactory(survivor=middle)

    case = case_of(MessageFactory(recipient=merged.party))

    assert case.person is not None
    assert len(case.person.addresses) == 1
    assert not case.is_repeat


@pytest.mark.parametrize(("days", "is_repeat"), [(60, True), (30, False)])
def test_the_survivor_is_not_told_the_same_twice(texts: None, days: int, is_repeat: bool) -> None:
    survivor = reachable()
    merged = CitizenFactory(survivor=survivor.citizen)
    MessageFactory(recipient=survivor, thread_key="suggestion:1", params=reminder_params(days=days))

    case = case_of(MessageFactory(recipient=merged.party, thread_key="suggestion:1"))

    assert case.is_repeat == is_repeat


def test_a_minor_is_spoken_for_by_living_adults_with_authority(texts: None) -> None:
    child = CitizenFactory(minor=True)
    mother = reachable()
    AuthorityFactory(actor=mother.citizen, for_party=child.party)
    AuthorityFactory(actor=CitizenFactory(deceased=True), for_party=child.party)
    AuthorityFactory(actor=CitizenFactory(minor=True), for_party=child.party)
    AuthorityFactory(for_party=child.party, revoked_at=clock.now())

    case = case_of(MessageFactory(recipient=child.party))

    assert case.person is not None
    assert len(case.person.speakers) == 1
    assert case.person.speakers[0].addresses


def test_an_organisation_is_spoken_for_by_its_representative(texts: None) -> None:
    organisation = OrganisationFactory()
    AuthorityFactory(
        actor=reachable().citizen, for_party=organisation.party, basis="representative"
    )

    case = case_of(MessageFactory(recipient=organisation.party))

    assert case.person is not None
    assert [len(speaker.addresses) for speaker in case.person.speakers] == [1]


def test_an_adult_is_not_spoken_for(texts: None) -> None:
    adult = reachable()
    AuthorityFactory(actor=reachable().citizen, for_party=adult, basis="power_of_attorney")

    case = case_of(MessageFactory(recipient=adult))

    assert case.person is not None
    assert not case.person.speakers


def test_an_official_is_written_to_at_the_verified_address_of_the_account(texts: None) -> None:
    user = UserFactory(of_official=True)
    ContactPointFactory(party=None, user=user, verified_at=None)
    verified = ContactPointFactory(party=None, user=user, verified_at=clock.now())

    case = case_of(MessageFactory(recipient=None, user=user))

    assert case.person is None
    assert case.only_address is not None
    assert case.only_address.pk == verified.pk


def test_death_language_and_wishes_are_known(texts: None) -> None:
    user = UserFactory(language="en")
    PreferenceFactory(party=user.citizen.party)
    late = CitizenFactory(deceased=True)

    case = case_of(MessageFactory(recipient=user.citizen.party, about=late.party))

    assert case.person is not None
    assert case.person.language == "en"
    assert len(case.person.wishes) == 1
    assert case.about_died_on == late.died_on


def test_a_batch_takes_the_same_queries_however_big(texts: None) -> None:
    counts = []
    for size in (2, 12):
        messages = MessageFactory.create_batch(size)
        with CaptureQueriesContext(connection) as queries:
            gather_cases(messages, now=clock.now())
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 7


# ------------------------------------------------------------------------------------- rendering
DAY = date(2026, 11, 23)


def rendered(message: Message, channel: Channel = Channel.SMS, **changes: Any) -> Content:
    given: dict[str, Any] = {"language": "vi", "is_neutral": False, "day": DAY}
    return render(message, shelf=Shelf.of_all(), channel=channel, **given | changes).content


def said(message: Message, channel: Channel = Channel.SMS, **changes: Any) -> str:
    return rendered(message, channel, **changes).body


@pytest.fixture
def reminder(texts: None) -> Message:
    with time_machine.travel(DAY):
        message: Message = MessageFactory(short_code="23456789")
    return message


@pytest.mark.parametrize(
    ("language", "is_neutral", "beginning"),
    [
        ("vi", False, "Cong chu dong Da Nang: Giay phep lai xe co han den 22/01/2027. Ho so"),
        ("en", False, "Da Nang proactive portal: Driving licence, expiry 22/01/2027. Dossier"),
        ("fr", False, "Cong chu dong Da Nang: Giay phep lai xe"),
        ("vi", True, "Cong chu dong Da Nang: Gia dinh ong/ba co mot viec"),
    ],
)
def test_an_sms_in_words(
    reminder: Message, language: str, is_neutral: bool, beginning: str
) -> None:
    text = said(reminder, language=language, is_neutral=is_neutral)

    assert text.startswith(beginning)
    assert text.endswith(f" {grouped('23456789')}")


def test_the_inbox_keeps_its_accents(reminder: Message) -> None:
    text = said(reminder, Channel.INBOX)

    assert text.startswith("Giấy phép lái xe có hạn đến ngày 22/01/2027 (còn 60 ngày).")


def test_the_days_left_are_counted_when_it_leaves(reminder: Message) -> None:
    later = DAY + timedelta(days=2)

    assert "(còn 58 ngày)" in said(reminder, Channel.INBOX, day=later)
    assert "ngày)" not in said(reminder, Channel.INBOX, day=DAY + timedelta(days=60))


def test_an_accented_sms_of_an_authority_stays_accented(reminder: Message) -> None:
    put_version(reminder.topic, sms="Hạn của ((paper)) ((check_code))")

    assert said(reminder).startswith("Hạn của Giấy phép lái xe")


def test_a_message_keeps_the_version_in_which_it_left(reminder: Message) -> None:
    put_version(reminder.topic, sms="Ban moi ((check_code))")

    assert said(reminder).startswith("Ban moi")
    reminder.text_version = 1
    assert said(reminder).startswith("Cong chu dong")


@pytest.mark.parametrize("state", ["draft", "discarded"])
def test_what_nobody_released_is_not_said(reminder: Message, state: str) -> None:
    put_version(reminder.topic, sms="Ban nhap ((check_code))", state=state)

    assert said(reminder).startswith("Cong chu dong")


@pytest.mark.parametrize(
    ("words", "said_there"),
    [
        ({}, "Cong chu dong Da Nang: A. Ma"),
        ({("app", "vi"): "Ứng dụng ((check_code))"}, "Ứng dụng"),
        ({("app", "vi"): "Ứng dụng", ("zalo", "vi"): "Zalo ((check_code))"}, "Zalo"),
    ],
)
def test_a_channel_without_words_borrows_short_ones(
    reminder: Message, words: dict[tuple[str, str], str], said_there: str
) -> None:
    put_version(reminder.topic, words=words, sms="Cong chu dong Da Nang: A. Ma ((check_code))")

    assert said(reminder, Channel.ZALO).startswith(said_there)
    assert said(reminder, Channel.SMS).startswith("Cong chu dong")


def test_a_borrowed_sms_stays_without_marks(reminder: Message) -> None:
    put_version(reminder.topic, sms="Cong chu dong Da Nang: ((paper)). Ma ((check_code))")

    assert said(reminder, Channel.PUSH).startswith("Cong chu dong Da Nang: Giay phep lai xe")


def test_a_person_who_reads_english_gets_it_before_the_channels_own_words(
    reminder: Message,
) -> None:
    words = {("app", "vi"): "Tiếng Việt ((check_code))", ("sms", "en"): "English ((check_code))"}
    put_version(reminder.topic, words=words)

    assert said(reminder, Channel.APP, language="en").startswith("English")
    assert said(reminder, Channel.APP, language="vi").startswith("Tiếng Việt")


def test_what_cannot_be_said_is_an_error(reminder: Message) -> None:
    reminder.text_version = 9
    with pytest.raises(TextMissingError):
        said(reminder)
    reminder.text_version, reminder.params = None, {}
    with pytest.raises(WordingError):
        said(reminder)


def test_only_zalo_is_given_the_values_as_people_read_them(reminder: Message) -> None:
    due_on = date.fromisoformat(reminder.params["due_on"])

    values = rendered(reminder, Channel.ZALO).values

    assert values["due_on"] == f"{due_on:%d/%m/%Y}"
    assert values["paper"] == "Giấy phép lái xe"
    assert "last_filing_on" not in values
    assert rendered(reminder, Channel.SMS).values == {}


def test_a_code_is_the_same_on_every_attempt(texts: None) -> None:
    message = MessageFactory(short_code="", state=MessageState.QUEUED)

    assert said(message) == said(Message.objects.get(pk=message.pk))
