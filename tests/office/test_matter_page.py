"""One matter on one page: all its messages, on all channels, and all that came of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.models import AccessLog, ContactPoint
from notifications.models import (
    ActedMessage,
    Attempt,
    InboundMessage,
    Message,
    OperatorAct,
    ReceiptInbox,
    Reply,
)
from notifications.services import VisitOutcome, record_visit
from portal.common import clock
from tests.factories.citizens import CitizenFactory, RelationFactory
from tests.factories.notifications import MessageFactory, reachable
from tests.factories.procedures import SuggestionFactory
from tests.office.crawling import says
from tests.office.places import CANARY, Place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def client(here: Place) -> Client:
    return signed_in(here.user)


def page_of(message: Message) -> str:
    return reverse("admin:notifications_message_matter", args=[message.public_id])


def minutes_ago(minutes: int) -> Any:
    return clock.now() - timedelta(minutes=minutes)


def chain_of(here: Place) -> tuple[Message, Message]:
    """Return a message that the app could not deliver, and the SMS that followed it."""
    party = reachable(unit=here.unit)
    point = ContactPoint.objects.get(party=party)
    first = MessageFactory(
        recipient=party,
        thread_key="dossier:7",
        state="failed",
        channel="app",
        reason="not_delivered",
    )
    second = MessageFactory(
        recipient=party,
        thread_key="dossier:7",
        follows=first,
        state="delivered",
        channel="sms",
        sent_at=minutes_ago(30),
        delivered_at=minutes_ago(29),
        address_index=bytes(point.value_index),
        rendered="Cong chu dong",
    )
    return first, second


def test_every_channel_attempt_receipt_answer_and_act_is_on_it(here: Place, client: Client) -> None:
    first, second = chain_of(here)
    Attempt.objects.create(
        message=first, number=1, channel="app", outcome="refused", started_at=minutes_ago(40)
    )
    ReceiptInbox.objects.create(channel="sms", reference=second.reference, status="delivered")
    inbound = InboundMessage(
        channel="sms", key="1", sender_index=bytes(second.address_index or b"")
    )
    inbound.seal(sender="+84500000000", body="1 đồng ý")
    inbound.save()
    Reply.objects.create(message=second, channel="sms", word="accept")
    act = OperatorAct.objects.create(kind="resend", reason="Nhà mạng đã sửa", by=here.user)
    ActedMessage.objects.create(act=act, message=first, state_before="failed")
    record_visit(message=second, unit=here.unit, outcome=VisitOutcome.TOLD, by=here.user)

    shown = client.get(page_of(first))

    kinds = [line.icon for line in shown.context["lines"]]
    assert sorted(kinds) == sorted(
        ["schedule", "alt_route", "cancel", "send", "done_all", "receipt", "reply", "forum",
         "person", "home"]
    )  # fmt: skip
    times = [line.at for line in shown.context["lines"]]
    assert times == sorted(times)
    said = says(shown)
    assert "Nhà mạng đã sửa" in said
    assert "+84500000000" not in said
    assert "đồng ý" not in said  # what people write stays sealed here
    assert [way.message for way in shown.context["ways"]] == [first, second]


def test_the_address_is_masked_and_the_view_logged(here: Place, client: Client) -> None:
    _first, second = chain_of(here)
    number = ContactPoint.objects.get(party=second.recipient).value
    before = AccessLog.objects.count()

    said = says(client.get(page_of(second)))

    assert number[-4:] in said
    assert number.removeprefix("+84") not in said
    (row,) = AccessLog.objects.order_by("pk")[before:]
    assert row.subject_ids == [second.recipient_id]


def test_a_digest_stands_with_its_members(here: Place, client: Client) -> None:
    party = reachable(unit=here.unit)
    digest = MessageFactory(recipient=party, state="sent", channel="sms")
    members = [
        MessageFactory(
            recipient=party,
            thread_key=f"suggestion:{number}",
            state="suppressed",
            reason="in_digest",
            digest=digest,
        )
        for number in (1, 2)
    ]

    for message, others in ((digest, members), (members[0], [digest])):
        found = {way.message for way in client.get(page_of(message)).context["ways"]}
        assert found == {message, *others}


def test_both_parents_of_a_child_stand_on_it(here: Place, elsewhere: Place, client: Client) -> None:
    child, mother, father = (CitizenFactory(unit=here.unit) for _ in range(3))
    other = CitizenFactory(unit=elsewhere.unit, given_name=CANARY)
    for parent, kind in ((mother, "mother"), (father, "father"), (other, "guardian")):
        RelationFactory(person=parent, relative=child, kind=kind)
    suggestion = SuggestionFactory(citizen=child, recipients=[mother, father, other])
    thread = f"suggestion:{suggestion.pk}"
    told = [
        MessageFactory(recipient=parent.party, about=child.party, thread_key=thread)
        for parent in (mother, father, other)
    ]

    shown = client.get(page_of(told[0]))

    assert {way.message for way in shown.context["ways"]} == set(told[:2])
    assert CANARY not in says(shown)
    assert client.get(page_of(told[2])).status_code == 404


def test_a_code_is_not_shown(here: Place, client: Client) -> None:
    message = MessageFactory(
        recipient=reachable(unit=here.unit), secret_params_enc=b"x", rendered="123456"
    )

    assert "123456" not in says(client.get(page_of(message)))


def test_many_messages_ask_as_much_as_few(
    here: Place, client: Client, django_assert_max_num_queries: Any
) -> None:
    first, _second = chain_of(here)
    for _number in range(10):
        MessageFactory(recipient=first.recipient, thread_key="dossier:7", channel="sms")

    with django_assert_max_num_queries(40):
        client.get(page_of(first))


# --------------------------------------------------------------------- the list of messages
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?why=gave_up", 1),
        ("?why=opted_out", 0),
        ("?age=later", 1),
        ("?age=hour", 2),
        ("?age=older", 1),
        ("?state__exact=failed&channel__exact=sms&topic__key__exact=credential_expiring", 1),
    ],
)
def test_the_list_is_narrowed_and_given_as_a_file(
    query: str, count: int, here: Place, client: Client
) -> None:
    party = reachable(unit=here.unit)
    MessageFactory(recipient=party, state="failed", channel="sms", reason="gave_up")
    MessageFactory(recipient=party, due_at=clock.now() + timedelta(days=1))
    MessageFactory(recipient=party, due_at=clock.now() - timedelta(days=9))
    listed = reverse("admin:notifications_message_changelist")

    shown = client.get(listed + query)
    file = client.get(reverse("admin:notifications_message_export") + query)

    assert shown.context["cl"].result_count == count
    assert len(file.content.decode("utf-8-sig").strip().splitlines()) == 1 + count


def test_the_file_logs_whom_it_names_and_shortens_the_names(here: Place, client: Client) -> None:
    before = AccessLog.objects.count()

    said = client.get(reverse("admin:notifications_message_export")).content.decode()

    rows = AccessLog.objects.order_by("pk")[before:]
    assert {key for row in rows for key in row.subject_ids} == {here.citizen.pk}
    assert here.citizen.full_name not in said
