"""A choice is proved and obeyed at once: offers stop, statutory notices go on, channels move."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError

from citizens.enums import ConsentPurpose, ContactChannel
from citizens.models import Citizen, Consent
from citizens.selectors import consents_of
from notifications.enums import Channel, MessageState, Reason
from notifications.models import Preference
from notifications.selectors import opted_out_parties
from notifications.services import make_choice, stop_on_request
from portal.common import clock
from portal.common.errors import RefusedError
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    ContactPointFactory,
    OfficialFactory,
    UserFactory,
)
from tests.factories.notifications import MessageFactory
from tests.notifications.gateways import ScriptedGateway, drain

pytestmark = pytest.mark.usefixtures("texts", "noon")
P = ConsentPurpose
OFFER = "credential_expiring"


def person(**values: object) -> Citizen:
    citizen: Citizen = CitizenFactory(**values)
    ContactPointFactory(party=citizen.party, verified_at=clock.now())
    UserFactory(citizen=citizen)
    return citizen


def choose(
    citizen: Citizen,
    is_given: bool,
    *,
    purpose: ConsentPurpose = P.SERVICE_OFFERS,
    channel: ContactChannel | None = None,
) -> Consent:
    return make_choice(
        citizen=citizen,
        purpose=purpose,
        channel=channel,
        is_given=is_given,
        by=citizen.user,
        language="vi",
    )


def send() -> list[str]:
    """Let everything out that may go; return the phones that rang."""
    gateway = ScriptedGateway(lambda _reference: None)
    drain(gateway)
    return [address for address, _body, _reference in gateway.sent]


def test_after_opting_out_no_offer_leaves_and_a_statutory_notice_still_does() -> None:
    lan = person()
    offer = MessageFactory(recipient=lan.party)
    notice = MessageFactory(recipient=lan.party, dossier=True)

    choose(lan, False)

    assert len(send()) == 1
    offer.refresh_from_db()
    notice.refresh_from_db()
    assert (offer.state, offer.reason) == (MessageState.SUPPRESSED, Reason.OPTED_OUT)
    assert (notice.state, notice.channel) == (MessageState.SENT, Channel.SMS)
    assert opted_out_parties(OFFER).filter(party=lan.party).exists()


def test_opting_out_of_a_channel_moves_offers_to_the_next_and_leaves_notices_alone() -> None:
    lan = person()
    offer = MessageFactory(recipient=lan.party)
    notice = MessageFactory(recipient=lan.party, dossier=True)

    choose(lan, False, channel=ContactChannel.SMS)

    send()
    offer.refresh_from_db()
    notice.refresh_from_db()
    assert (offer.state, offer.channel) == (MessageState.SENT, Channel.INBOX)
    assert notice.channel == Channel.SMS
    assert not opted_out_parties(OFFER).exists()


def test_a_yes_lets_offers_come_again_and_both_statements_are_kept() -> None:
    lan = person()
    choose(lan, False)

    choose(lan, True)

    MessageFactory(recipient=lan.party)
    assert len(send()) == 1
    assert Consent.objects.count() == 2
    assert consents_of(citizen=lan).get().is_given


def test_a_channel_allowed_again_does_not_undo_the_no_to_everything() -> None:
    lan = person()
    choose(lan, False, channel=ContactChannel.SMS)
    choose(lan, False)

    choose(lan, True, channel=ContactChannel.SMS)

    MessageFactory(recipient=lan.party)
    assert send() == []


def test_the_no_to_everything_wins_over_an_older_narrow_yes() -> None:
    lan = person()
    Preference.objects.create(party=lan.party, topic_id=OFFER, is_allowed=True)

    choose(lan, False)

    MessageFactory(recipient=lan.party)
    assert send() == []


@pytest.mark.parametrize("purpose", [P.SURVEYS, P.RESEARCH])
def test_other_purposes_are_proved_and_stop_no_message(purpose: ConsentPurpose) -> None:
    lan = person()

    choose(lan, False, purpose=purpose)

    MessageFactory(recipient=lan.party)
    assert len(send()) == 1
    assert not Preference.objects.exists()


def test_a_parent_stops_what_concerns_one_child_alone() -> None:
    mother, child = person(), CitizenFactory(minor=True)
    AuthorityFactory(actor=mother, for_party=child.party)
    make_choice(
        citizen=child, purpose=P.SERVICE_OFFERS, is_given=False, by=mother.user, language="vi"
    )

    about_child = MessageFactory(recipient=mother.party, about=child.party)
    own = MessageFactory(recipient=mother.party)

    assert len(send()) == 1
    about_child.refresh_from_db()
    own.refresh_from_db()
    assert about_child.reason == Reason.OPTED_OUT
    assert own.state == MessageState.SENT


def test_what_grown_up_people_stop_they_stop_for_themselves_alone() -> None:
    mother, father = person(), person()
    mother.party.preferences.create(is_allowed=False)
    of_the_birth = MessageFactory(recipient=father.party, about=mother.party)
    own = MessageFactory(recipient=mother.party, about=mother.party)

    send()

    of_the_birth.refresh_from_db()
    own.refresh_from_db()
    assert of_the_birth.state == MessageState.SENT
    assert own.reason == Reason.OPTED_OUT


def test_an_official_writes_down_what_is_said_at_the_counter() -> None:
    official = OfficialFactory()

    consent = make_choice(
        citizen=person(), purpose=P.SURVEYS, is_given=True, by=official.user, language="vi"
    )

    assert (consent.source, consent.recorded_by) == ("counter", official.user)


def test_nobody_chooses_for_a_stranger_or_after_the_right_has_ended() -> None:
    mother, child = person(), CitizenFactory(minor=True)
    right = AuthorityFactory(actor=mother, for_party=child.party)
    right.revoked_at = clock.now() - timedelta(days=1)
    right.save()

    for citizen in (person(), child):
        with pytest.raises(RefusedError):
            make_choice(
                citizen=citizen, purpose=P.RESEARCH, is_given=True, by=mother.user, language="vi"
            )

    assert not Consent.objects.exists()


def test_proof_and_wish_are_written_together_or_not_at_all() -> None:
    lan = person()
    Preference.objects.create(party=lan.party, channel="sms", is_allowed=False)

    with pytest.raises((DatabaseError, ValueError)):
        choose(lan, False, channel="pigeon post, which no column holds")  # type: ignore[arg-type]

    assert not Consent.objects.exists()
    assert Preference.objects.count() == 1


def test_a_request_stops_what_is_followed_and_says_nothing_twice() -> None:
    lan = person()
    choose(lan, True, purpose=P.RESEARCH)

    first = stop_on_request(citizen=lan, by=lan.user, language="vi")
    again = stop_on_request(citizen=lan, by=lan.user, language="vi")

    assert {(c.purpose, c.is_given) for c in first} == {
        ("service_offers", False),
        ("research", False),
    }
    assert {c.text_key for c in first} == {"stop_by_request"}
    assert again == []
    MessageFactory(recipient=lan.party)
    assert send() == []
