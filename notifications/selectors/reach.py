"""By which channel people would be reached: for figures over many, not for the sending of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Coalesce

from citizens.models import ContactPoint
from notifications.models import Preference, Text, Topic
from notifications.rules.facts import VERIFIED_FOR
from notifications.rules.sms import as_sent, parts
from notifications.rules.wording import CHECK_CODE, fill
from notifications.selectors.texts import in_force

# Why nothing but the inbox is left for somebody.
NO_CONTACT, OLD_CONTACT, STOPPED = "no_contact", "old_contact", "stopped"
NOT_REACHED = (NO_CONTACT, OLD_CONTACT, STOPPED)
_OUTSIDE = ("app", "push", "zalo", "sms", "email")
_SAMPLE_CODE = "ABCD EFGH"


def reachable(*, person: str, topic: Topic, now: datetime) -> BaseExpression:
    """Return the channel by which the topic reaches the party in column `person`, as SQL.

    The first of the topic's channels for which there is an address that was verified within twelve
    months and no wish against it: the narrowest wish counts, as at sending. For whom nothing but
    the inbox is left one of NOT_REACHED: no address at all, none verified within twelve months, or
    a wish against each that is. The last check at sending may still decide otherwise.
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
    is_reached = Q(Exists(address))
    return is_reached & _is_wanted(person, topic, channel) if topic.is_optional else is_reached


def _is_wanted(person: str, topic: Topic, channel: str) -> Q:
    """Return whether the narrowest wish that fits allows it: that about the topic before others."""
    fitting = Preference.objects.filter(
        Q(topic=topic.pk) | Q(topic__isnull=True), party=OuterRef(person), channel__in=["", channel]
    )
    narrowest = fitting.order_by(F("topic").asc(nulls_last=True), "-channel")
    return Q(Coalesce(Subquery(narrowest.values("is_allowed")[:1]), Value(True)))


def sms_parts(*, topic: str, values: dict[str, Any]) -> int:
    """Return how many parts the topic's SMS in Vietnamese takes with these values; 0 without one.

    The text of the version in use is put into words as it would leave, with a made-up check code.
    """
    rows = Text.objects.filter(topic=topic, channel="sms", language="vi", is_neutral=False)
    text = in_force(rows).first()
    if text is None:
        return 0
    body = fill(text.body, values | {CHECK_CODE: _SAMPLE_CODE}, language="vi")
    return parts(as_sent(body, wording=text.body))
