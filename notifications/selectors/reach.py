"""By which channel people would be reached: for figures over many, not for the sending of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When
from django.db.models.expressions import BaseExpression

from citizens.models import ContactPoint
from notifications.models import Preference, Text, Topic
from notifications.rules.facts import VERIFIED_FOR
from notifications.rules.sms import is_gsm7, parts, unaccented
from notifications.rules.wording import CHECK_CODE, fill

# Why nothing but the inbox is left for somebody.
NO_CONTACT, OLD_CONTACT, STOPPED = "no_contact", "old_contact", "stopped"
NOT_REACHED = (NO_CONTACT, OLD_CONTACT, STOPPED)
_OUTSIDE = ("app", "zalo", "sms", "email")
_SAMPLE_CODE = "ABCD EFGH"


def reachable(*, person: str, topic: Topic, now: datetime) -> BaseExpression:
    """Return the channel by which the topic reaches the party in column `person`, as SQL.

    The first of the topic's channels for which there is an address that was verified within twelve
    months and no wish against it. For whom nothing but the inbox is left one of NOT_REACHED: no
    address at all, none verified within twelve months, or a wish against each that is. The last
    check at sending may still decide otherwise.
    """
    ways = [name for name in topic.channels if name in _OUTSIDE]
    known = ContactPoint.objects.filter(party=OuterRef(person), channel__in=ways)
    trusted = known.filter(verified_at__gt=now - VERIFIED_FOR)
    return Case(
        *(When(_is_open(person, topic, name, now), then=Value(name)) for name in ways),
        When(Exists(trusted), then=Value(STOPPED)),
        When(Exists(known), then=Value(OLD_CONTACT)),
        default=Value(NO_CONTACT),
        output_field=CharField(),
    )


def _is_open(person: str, topic: Topic, channel: str, now: datetime) -> Q:
    address = ContactPoint.objects.filter(
        party=OuterRef(person), channel=channel, verified_at__gt=now - VERIFIED_FOR
    )
    wish = Preference.objects.filter(party=OuterRef(person), channel=channel, is_allowed=False)
    stopped = wish.filter(Q(topic=topic.pk) | Q(topic__isnull=True))
    return Q(Exists(address)) & ~Q(Exists(stopped))


def sms_parts(*, topic: str, values: dict[str, Any]) -> int:
    """Return how many parts the topic's SMS in Vietnamese takes with these values; 0 without one.

    The text of the version in use is put into words as it would leave, with a made-up check code.
    """
    rows = Text.objects.filter(topic=topic, channel="sms", language="vi", is_neutral=False)
    text = rows.order_by("-version").first()
    if text is None:
        return 0
    body = fill(text.body, values | {CHECK_CODE: _SAMPLE_CODE}, language="vi")
    return parts(unaccented(body) if is_gsm7(text.body) else body)
