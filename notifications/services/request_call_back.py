"""Let anybody ask on the portal to be called, once at a time for each number."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection, transaction

from citizens.enums import ContactChannel
from citizens.models import ContactPoint
from notifications.models import CallBack, InboundMessage
from notifications.selectors.answers import points_at
from notifications.services.ask_call_back import ask_call_back

_LOCK = 0xCA11
WEB = "web"
MOST_A_DAY = 2
LONGEST_WORDS = 400


@transaction.atomic
def request_call_back(*, phone: str, reason: str, words: str, now: datetime) -> CallBack | None:
    """Return the open call-back for a number (+84…), made where there is none.

    Nobody proved that the number is theirs: the desk is told so, and whose it is by the registers
    only decides whose officials call. None where it was asked for twice within a day already, so
    that nobody can have a stranger called again and again.
    """
    index = ContactPoint.index_of(ContactChannel.SMS, phone)
    with connection.cursor() as cursor:  # one wish for a number after the other
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, index.hex()])
    asked = InboundMessage.objects.filter(channel=WEB, sender_index=index)
    open_ones = CallBack.objects.filter(inbound__in=asked, done_at=None)
    if (waiting := open_ones.first()) is not None:
        return waiting
    if asked.filter(recorded_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        return None
    row = InboundMessage(channel=WEB, key=uuid4().hex, sender_index=index, public_id=uuid4())
    row.seal(sender=phone, body=words[:LONGEST_WORDS].replace("\x00", ""))
    row.save(force_insert=True)
    points = points_at(ContactChannel.SMS, index)
    return ask_call_back(inbound=row, points=points, message=None, reason=reason)
