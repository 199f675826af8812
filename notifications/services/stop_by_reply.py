"""Obey who answers that no more should come: a wish where we know whose, else the address rests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from citizens.enums import ContactChannel, PartyKind
from citizens.models import ContactPoint, Party
from notifications.enums import Channel, ReplyWord
from notifications.models import InboundMessage, Message
from notifications.rules.replies import Answer
from notifications.selectors.answers import parties_at
from notifications.services.make_choice import stop_by_sms
from notifications.services.set_preference import set_preference


@transaction.atomic
def stop_by_reply(
    *,
    inbound: InboundMessage,
    answer: Answer,
    points: Sequence[ContactPoint],
    message: Message | None,
    now: datetime,
) -> None:
    """Carry a stop out (F20, docs/delivery.md): what is stopped depends on what was said.

    With the code of a message: its topic, for whom it was for. Without one: everything optional of
    the one person whose address it is, or, where several people use the address, what is optional
    on this channel for each of them. A lone `0`, or “wrong number”: nothing at all goes to the
    address any more, because it is no longer held to be verified. Statutory notices are not stopped
    by a wish.
    """
    if message is not None and answer.word == ReplyWord.STOP:
        _stop_topic(message)
    elif answer.word == ReplyWord.STOP:
        _stop_everything(points, Channel(inbound.channel))
    if answer.word == ReplyWord.WRONG_NUMBER or answer.is_bare_zero:
        # A former holder's point stays as it is: they must not be able to take the number back.
        held = [point.pk for point in points if point.verified_at]
        ContactPoint.objects.filter(pk__in=held).update(verified_at=None, refused_at=now)


def _stop_topic(message: Message) -> None:
    if message.recipient is not None and message.topic.is_optional:
        set_preference(party=message.recipient, is_allowed=False, topic=message.topic_id)


def _stop_everything(points: Sequence[ContactPoint], channel: Channel) -> None:
    owners = parties_at(points)
    only_there = ContactChannel(channel) if len(owners) > 1 else None
    for party in Party.objects.filter(pk__in=owners).select_related("citizen"):
        if party.kind == PartyKind.CITIZEN:
            stop_by_sms(citizen=party.citizen, channel=only_there)
        else:
            set_preference(party=party, is_allowed=False, channel=channel if only_there else None)
