"""Who does not want to hear about something."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from citizens.enums import ContactChannel
from citizens.models import ContactPoint, Party
from notifications.models import Preference, Topic
from notifications.rules.facts import DIGEST


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


def kinds_of_offers() -> QuerySet[Topic]:
    """Return the topics of what the portal offers by itself, by name; answers are none of them."""
    offers = Topic.objects.filter(is_optional=True, has_quiet_hours=True).exclude(key=DIGEST)
    return offers.order_by("name_vi")


def topics_off(*, party: Party) -> QuerySet[Preference]:
    """Return the wishes by which single topics were stopped on every channel."""
    return Preference.objects.filter(party=party, topic__isnull=False, is_allowed=False, channel="")


def numbers_off(*, party: Party) -> QuerySet[ContactPoint]:
    """Return the numbers of a party from which somebody answered that nothing more should come."""
    rows = ContactPoint.objects.filter(party=party, refused_at__isnull=False)
    return rows.filter(channel=ContactChannel.SMS).order_by("pk")


def is_off(point: ContactPoint) -> bool:
    """Return whether a point that was read already is one of `numbers_off`."""
    return point.channel == ContactChannel.SMS and point.refused_at is not None
