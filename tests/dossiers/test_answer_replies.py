"""From an SMS to its answer: what is done, what is said, and what is never done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from structlog.testing import capture_logs

from citizens.models import Citizen, Consent, ContactPoint
from dossiers.models import Dossier, Draft
from dossiers.services.answer_replies import answer_replies
from notifications.enums import Channel, MessageState, ReplyWord
from notifications.models import CallBack, InboundMessage, Message, Preference, Reply
from notifications.services import record_inbound
from notifications.services.record_inbound import Heard
from notifications.services.resume import ask_number_code
from portal.common import clock
from procedures.enums import SuggestionState
from procedures.models import Recipient, Suggestion
from tests.dossiers.scene import FRIDAY, Scene, renewal
from tests.factories.citizens import CitizenFactory, ContactPointFactory
from tests.factories.notifications import MessageFactory

pytestmark = pytest.mark.django_db
NUMBER = "+84505000001"


@pytest.fixture
def friday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FRIDAY, tick=True) as traveller:
        yield traveller


@pytest.fixture
def scene(friday: time_machine.Traveller) -> Scene:
    """A licence that runs out, and the SMS that told its holder of it."""
    found = renewal()
    ContactPoint.objects.update(verified_at=FRIDAY - timedelta(days=30))
    told(found.suggestion, found.citizen)
    return found


def told(suggestion: Suggestion, citizen: Citizen, *, number: str = NUMBER) -> Message:
    message: Message = MessageFactory(
        recipient=citizen.party,
        thread_key=f"suggestion:{suggestion.pk}",
        state=MessageState.SENT,
        channel="sms",
        address_index=ContactPoint.index_of("sms", number),
        short_code=f"CDFG{2345 + Message.objects.count()}",
    )
    return message


def write(text: str, *, number: str = NUMBER, key: str = "") -> Heard:
    sent = key or f"k{InboundMessage.objects.count()}"
    return record_inbound(channel=Channel.SMS, key=sent, sender=number, body=text, now=clock.now())


def hear(text: str, **options: str) -> str:
    """Write and have it answered; return the topic of the answer, "" for none."""
    write(text, **options)
    answer_replies(now=clock.now())
    answer = Message.objects.filter(topic__key__startswith="reply_").order_by("-pk").first()
    return answer.topic_id if answer else ""


class TestYes:
    @pytest.mark.parametrize("channel", ["app", "zalo", "email"])
    def test_by_sms_to_what_was_told_another_way(self, scene: Scene, channel: str) -> None:
        """People answer where they know how to: with the telephone of theirs alone."""
        told_elsewhere = {"channel": channel, "address_index": b"a" * 32}
        Message.objects.update(**told_elsewhere)

        assert hear("1") == "reply_accepted"

    def test_by_a_phone_of_several_only_to_what_it_was_told(self, scene: Scene) -> None:
        Message.objects.update(channel="zalo", address_index=b"a" * 32)
        ContactPointFactory(
            party=CitizenFactory().party, channel="sms", value=NUMBER, verified_at=FRIDAY
        )

        assert hear("1") != "reply_accepted"

    def test_it_begins_a_draft_and_files_nothing(self, scene: Scene) -> None:
        assert hear("1") == "reply_accepted"

        assert Draft.objects.get().applicant == scene.citizen
        assert not Dossier.objects.exists()
        scene.suggestion.refresh_from_db()
        assert scene.suggestion.state == SuggestionState.OPEN
        assert Recipient.objects.get().seen_at is not None
        assert not Reply.objects.exists()

    def test_twice_is_one_draft(self, scene: Scene) -> None:
        hear("1")
        hear("đồng ý")

        assert Draft.objects.count() == 1

    def test_the_answer_goes_to_the_number_that_asked(self, scene: Scene) -> None:
        hear("1")

        answer = Message.objects.get(topic="reply_accepted")
        assert answer.contact_point is not None
        assert answer.contact_point.value == NUMBER
        assert answer.params == {}

    def test_several_matters_need_the_code(self, scene: Scene) -> None:
        other = second_matter(scene)

        assert hear("1") == "reply_which"
        assert not Draft.objects.exists()
        code = Message.objects.get(thread_key=f"suggestion:{other.pk}").short_code
        assert hear(f"1 {code[:4]}-{code[4:]}") == "reply_accepted"
        assert {draft.suggestion for draft in Draft.objects.all()} == {other}

    def test_two_people_of_one_phone_need_the_code(self, scene: Scene) -> None:
        wife = CitizenFactory(unit=scene.commune)
        ContactPointFactory(party=wife.party, value=NUMBER, verified_at=FRIDAY)
        Recipient.objects.create(suggestion=scene.suggestion, citizen=wife)

        assert hear("1") == "reply_which"
        code = Message.objects.get(recipient=scene.citizen.party).short_code
        assert hear(f"{code} ok") == "reply_accepted"
        assert Draft.objects.get().applicant == scene.citizen

    def test_a_code_told_to_another_number_opens_nothing(self, scene: Scene) -> None:
        code = Message.objects.get().short_code
        stranger = CitizenFactory()
        ContactPointFactory(party=stranger.party, value="+84505009999", verified_at=FRIDAY)

        assert hear(f"1 {code}", number="+84505009999") == "reply_which"
        assert not Draft.objects.exists()

    def test_a_number_verified_long_ago_or_unknown_opens_nothing(self, scene: Scene) -> None:
        ContactPoint.objects.update(verified_at=None)

        assert hear("1") == "reply_none"
        assert hear("1", number="+84507777777") == "reply_none"
        assert not Draft.objects.exists()

    def test_a_matter_that_has_ended_is_not_opened(self, scene: Scene) -> None:
        scene.submit()

        assert hear("1") == "reply_none"


def second_matter(scene: Scene) -> Suggestion:
    other = Suggestion.objects.create(
        rule=scene.suggestion.rule,
        rule_version=scene.suggestion.rule_version,
        anchor=scene.licence.pk,
        cycle=99,
        subject=scene.citizen.party,
        due_on=scene.suggestion.due_on,
        opened_on=FRIDAY.date(),
        next_remind_on=FRIDAY.date(),
    )
    Recipient.objects.create(suggestion=other, citizen=scene.citizen)
    told(other, scene.citizen)
    return other


class TestLater:
    def test_it_is_silent_for_a_week(self, scene: Scene) -> None:
        assert hear("để sau") == "reply_later"

        scene.suggestion.refresh_from_db()
        assert scene.suggestion.state == SuggestionState.SNOOZED
        assert scene.suggestion.next_remind_on == date(2026, 11, 27)
        assert Message.objects.get(topic="reply_later").params == {"until_on": "2026-11-27"}

    def test_without_a_day_left_it_says_no_day(self, scene: Scene) -> None:
        Suggestion.objects.update(due_on=FRIDAY.date())

        assert hear("2") == "reply_later"
        assert Message.objects.get(topic="reply_later").params == {"until_on": None}


class TestStop:
    def test_words_stop_what_is_optional_and_leave_a_proof(self, scene: Scene) -> None:
        assert hear("dừng") == "reply_stopped"

        wish = Preference.objects.get()
        assert (wish.party, wish.topic, wish.channel) == (scene.citizen.party, None, "")
        proof = Consent.objects.get()
        assert (proof.source, proof.is_given, proof.recorded_by) == ("sms", False, None)
        assert ContactPoint.objects.get().verified_at is not None

    def test_the_code_of_a_message_stops_its_service_only(self, scene: Scene) -> None:
        code = Message.objects.get().short_code

        assert hear(f"0 {code}") == "reply_stopped"
        assert Preference.objects.get().topic_id == "credential_expiring"
        assert ContactPoint.objects.get().verified_at is not None

    def test_a_lone_zero_takes_the_number_out_of_use(self, scene: Scene) -> None:
        assert hear("0") == "reply_number_off"
        assert ContactPoint.objects.get().verified_at is None

    def test_a_wrong_number_changes_nobody_s_wishes(self, scene: Scene) -> None:
        assert hear("nhầm số rồi") == "reply_number_off"
        assert ContactPoint.objects.get().verified_at is None
        assert not Preference.objects.exists()

    def test_a_wrong_number_is_one_whatever_code_stands_beside_it(self, scene: Scene) -> None:
        assert hear("sai số KM7R-9TXW") == "reply_number_off"
        assert ContactPoint.objects.get().verified_at is None

    def test_a_former_holder_of_the_number_cannot_take_it_back(self, scene: Scene) -> None:
        former = ContactPointFactory(value=NUMBER, verified_at=None)

        assert hear("0") == "reply_number_off"
        former.refresh_from_db()
        assert former.refused_at is None
        assert not ask_number_code(party=former.party, public_id=former.public_id, now=FRIDAY)

    def test_a_shared_phone_stops_this_channel_for_each(self, scene: Scene) -> None:
        ContactPointFactory(value=NUMBER, verified_at=FRIDAY)

        assert hear("stop") == "reply_stopped"
        assert {wish.channel for wish in Preference.objects.all()} == {"sms"}
        assert Preference.objects.count() == 2

    def test_it_holds_before_anybody_reads_the_mailbox(self, scene: Scene) -> None:
        write("stop")

        assert Preference.objects.exists()

    def test_a_foreign_code_stops_nothing(self, scene: Scene) -> None:
        assert hear("0 KM7R-9TXW") == "reply_which"
        assert not Preference.objects.exists()
        assert ContactPoint.objects.get().verified_at is not None


class TestStatus:
    def test_the_applicant_hears_state_and_date(self, scene: Scene) -> None:
        dossier = scene.submit()

        assert hear(dossier.code.lower()) == "reply_status"
        params = Message.objects.get(topic="reply_status").params
        assert params["state"]["vi"] == "Mới đăng ký"
        assert params["due_on"] == dossier.appointment_on.isoformat()  # type: ignore[union-attr]

    @pytest.mark.parametrize("is_shared", [False, True])
    def test_a_former_holder_of_the_number_counts_for_nothing(
        self, scene: Scene, is_shared: bool
    ) -> None:
        dossier = scene.submit()
        ContactPoint.objects.update(shared=is_shared)
        ContactPointFactory(value=NUMBER, verified_at=None)

        assert hear(dossier.code) == "reply_status"
        answer = Message.objects.get(topic="reply_status")
        assert answer.recipient == scene.citizen.party
        assert (answer.params["state"] is None) is is_shared

    @pytest.mark.parametrize("case", ["another number", "shared", "no such dossier"])
    def test_everybody_else_hears_the_same_line(self, scene: Scene, case: str) -> None:
        code, number = scene.submit().code, NUMBER
        if case == "another number":
            number = "+84505009999"
            ContactPointFactory(value=number, verified_at=FRIDAY)
        elif case == "shared":
            ContactPoint.objects.update(shared=True)
        else:
            code = "H99.1-20261120-0000009"

        assert hear(code, number=number) == "reply_status"
        params = Message.objects.get(topic="reply_status").params
        assert params == {"state": None, "due_on": None}


class TestNotUnderstood:
    def test_a_person_calls_and_the_sender_hears_so(self, scene: Scene) -> None:
        assert hear("ok mà có mất tiền không") == "reply_unclear"

        call = CallBack.objects.get()
        assert (call.party, call.unit) == (scene.citizen.party, scene.commune)
        assert call.inbound is not None
        assert call.inbound.body == "ok mà có mất tiền không"
        assert not Draft.objects.exists()

    def test_one_call_is_enough_for_several_sentences(self, scene: Scene) -> None:
        hear("răng rứa")
        hear("cần giấy tờ gì")

        assert CallBack.objects.count() == 1

    def test_an_unknown_number_is_called_too_but_not_answered(self, scene: Scene) -> None:
        assert hear("ai đó", number="+84507777777") == ""

        call = CallBack.objects.get()
        assert (call.party, call.unit) == (None, None)

    def test_a_flood_is_answered_by_a_person(self, scene: Scene) -> None:
        for _time in range(12):
            hear("?")

        assert Message.objects.filter(topic="reply_help").count() == 10
        assert CallBack.objects.get().reason == "too_many"


class TestOnce:
    def test_the_same_message_twice_is_one(self, scene: Scene) -> None:
        assert write("1", key="same").is_new
        assert not write("1", key="same").is_new

        assert InboundMessage.objects.count() == Reply.objects.count() == 1

    def test_a_reply_that_breaks_is_handed_to_a_person_and_stops_no_other(
        self, scene: Scene
    ) -> None:
        write("1")
        Reply.objects.update(word="of a version that is still to come")
        write("nói chi không hiểu", number="+84507777777")

        with capture_logs() as logs:
            answer_replies(now=clock.now())

        assert {call.reason for call in CallBack.objects.all()} == {
            "not_answered",
            "not_understood",
        }
        assert [line["event"] for line in logs] == ["reply_not_answered"]
        assert not Reply.objects.exists()

    def test_nothing_of_what_was_written_is_logged(self, scene: Scene) -> None:
        with capture_logs() as logs:
            hear("tôi ở số 12 đường Trần Phú 0901234567")

        assert "Trần Phú" not in str(logs)
        assert NUMBER not in str(logs)
        row = InboundMessage.objects.get()
        assert b"Tr" not in bytes(row.body_enc)[:40] or row.body not in str(row.body_enc)
        assert row.sender == NUMBER


def test_words_of_the_mailbox_fit_their_columns() -> None:
    assert all(len(word) <= 40 for word in ReplyWord)
