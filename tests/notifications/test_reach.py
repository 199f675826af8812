"""Figures over many count the same wishes as the check before one message leaves."""

from __future__ import annotations

from itertools import product

import pytest

from citizens.models import Citizen
from notifications.enums import Channel
from notifications.models import Topic
from notifications.policy import _allows
from notifications.rules.facts import Wish
from notifications.selectors.reach import STOPPED, reachable
from portal.common import clock
from tests.factories.notifications import PreferenceFactory
from tests.factories.notifications import reachable as made_reachable

pytestmark = pytest.mark.django_db
TOPIC, OTHER = "credential_expiring", "age_milestone_near"
SAID = (None, True, False)


@pytest.fixture
def topic() -> Topic:
    Topic.objects.create(key=OTHER, name_vi=OTHER, name_en=OTHER, channels=["sms"], priority=9)
    made: Topic = Topic.objects.create(
        key=TOPIC, name_vi=TOPIC, name_en=TOPIC, channels=["sms", "inbox"], priority=9
    )
    return made


def way(topic: Topic, party: int) -> str:
    asked = reachable(person="party_id", topic=topic, now=clock.now())
    return str(Citizen.objects.annotate(way=asked).values_list("way", flat=True).get(pk=party))


@pytest.mark.parametrize("said", list(product(SAID, repeat=5)), ids=str)
def test_the_narrowest_wish_counts(said: tuple[bool | None, ...], topic: Topic) -> None:
    party = made_reachable()
    about = [(TOPIC, "sms"), (TOPIC, ""), ("", "sms"), ("", ""), (OTHER, "sms")]
    wishes = [
        Wish(key, channel, is_allowed)
        for (key, channel), is_allowed in zip(about, said, strict=True)
        if is_allowed is not None
    ]
    for wish in wishes:
        PreferenceFactory(
            party=party,
            topic_id=wish.topic or None,
            channel=wish.channel,
            is_allowed=wish.is_allowed,
        )

    assert way(topic, party.pk) == ("sms" if _allows(wishes, TOPIC, Channel.SMS) else STOPPED)


def test_nobody_stops_what_is_not_optional(topic: Topic) -> None:
    party = made_reachable()
    PreferenceFactory(party=party, topic=None, channel="", is_allowed=False)
    topic.is_optional = False

    assert way(topic, party.pk) == "sms"
