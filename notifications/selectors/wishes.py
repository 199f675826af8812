"""Who does not want to hear about something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from citizens.enums import ContactChannel
from citizens.models import ContactPoint, Party
from notifications.models import InboundMessage, Preference, Topic


def opted_out_parties(topic: str) -> QuerySet[Preference, Any]:
    """Party ids that stopped an optional topic on every channel, as a subquery for set-based SQL.

    ``.exclude(holder_id__in=opted_out_parties("credential_expiring"))``. A wish about the topic
    itself wins over one about all topics; nobody can stop a topic that is not optional.
    """
    whole = Preference.objects.filter(channel="")
    own_wish = whole.filter(party=OuterRef("party"), topic=topic, is_allowed=True)
    stopped = whole.filter(is_allowed=False).filter(
        Q(topic=topic, topic__is_optional=True) | Q(topic__isnull=True)
    )
    return stopped.exclude(Q(topic__isnull=True) & Exists(own_wish)).values("party_id")


def statutory_topics() -> QuerySet[Topic]:
    """Return the topics that nobody can switch off, because the law has the agency tell them."""
    return Topic.objects.filter(is_optional=False)


def topics_off(*, party: Party) -> QuerySet[Preference]:
    """Return the wishes by which single topics were stopped on every channel, by name."""
    rows = Preference.objects.filter(party=party, topic__isnull=False, is_allowed=False, channel="")
    return rows.select_related("topic").order_by("topic__name_vi")


def numbers_unused(*, party: Party) -> QuerySet[ContactPoint]:
    """Return the telephone numbers of a party that are not held to be verified."""
    rows = ContactPoint.objects.filter(party=party, verified_at=None, channel=ContactChannel.SMS)
    return rows.order_by("pk")


def answered_from(points: Sequence[ContactPoint]) -> list[ContactPoint]:
    """Return those of these numbers from which somebody ever wrote to us."""
    indexes = [bytes(point.value_index) for point in points]
    wrote = InboundMessage.objects.filter(channel=ContactChannel.SMS, sender_index__in=indexes)
    known = {bytes(index) for index in wrote.values_list("sender_index", flat=True).distinct()}
    return [point for point in points if bytes(point.value_index) in known]
