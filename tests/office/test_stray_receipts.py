"""Receipts that name nobody are shown to operators, and only those."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Unit
from notifications.enums import MessageState
from notifications.models import ReceiptInbox
from notifications.selectors import stray_receipts
from portal.common import clock
from tests.factories.citizens import GrantFactory
from tests.factories.notifications import MessageFactory
from tests.office.places import make_place, signed_in

pytestmark = pytest.mark.django_db


def test_what_fits_no_message_of_its_channel_is_shown(city: Unit) -> None:
    # Given receipts for a message by its two names, for its other channel, for nobody, and new ones
    sent = MessageFactory(state=MessageState.SENT, channel="sms", gateway_reference="esms-1")
    long_ago = clock.now() - timedelta(hours=1)
    said = [
        ("sms", sent.reference, long_ago),
        ("sms", "esms-1", long_ago),
        ("zalo", sent.reference, long_ago),
        ("sms", "f" * 32, long_ago),
        ("sms", "esms-2", long_ago),
        ("sms", "esms-3", clock.now()),
    ]
    ReceiptInbox.objects.bulk_create(
        ReceiptInbox(channel=channel, reference=name, status="sent", recorded_at=at)
        for channel, name, at in said
    )

    # When an operator looks
    place = make_place(city, "Vận hành", roles=())
    GrantFactory(official=place.official, role=Role.OPERATOR, unit=city)
    html = signed_in(place.user).get(reverse("admin:office_delivery")).content.decode()

    # Then those that fit nothing are there, and nothing else
    found = stray_receipts(before=clock.now() - timedelta(minutes=10))
    assert [(one.channel, one.reference) for one in found] == [
        ("sms", "esms-2"),
        ("sms", "f" * 32),
        ("zalo", sent.reference),
    ]
    assert 'id="strays"' in html
    assert "esms-2" in html
    assert "esms-3" not in html
