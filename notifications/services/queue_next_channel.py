"""Say it on the next channel: where the one before failed for certain, or was not read in time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from notifications.enums import Channel, MessageState, Priority
from notifications.models import Message
from notifications.policy import Go, decide
from notifications.rules.facts import Case
from notifications.rules.wording import short_code
from notifications.selectors.cases import gather_cases
from notifications.selectors.chains import Chain, chains_of, root_of
from notifications.selectors.texts import Shelf
from notifications.services.watch_gate import is_gate_closed
from notifications.transports.base import Traits
from portal.common import clock
from portal.common.outbox import append

_LONGEST_KEY = 120
_AT_ONCE = 500
_SAID = (MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED)


@transaction.atomic
def queue_next_channel(*, channels: Collection[Channel]) -> int:
    """Queue a message behind each one whose `next_channel_at` has come; return how many were due.

    Only where the topic has a channel left, among `channels`, that would reach the person today;
    the inbox has the letter already. It chooses its channel when it leaves, with all checks. What
    was said to one named address, or had secrets, goes nowhere else. At most 500 a call; any number
    of dispatchers may ask at once; nothing while the gate is closed.
    """
    now = clock.now()
    if is_gate_closed():
        return 0
    waiting = Message.objects.filter(next_channel_at__lte=now).order_by("next_channel_at")
    rows = list(waiting.select_for_update(skip_locked=True)[:_AT_ONCE])
    if not rows:
        return 0
    told = [row for row in rows if _may_go_on(row)]
    append(Message, _followers(told, {channel: Traits() for channel in channels}, now))
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(next_channel_at=None)
    return len(rows)


def _followers(
    told: Sequence[Message], gateways: Mapping[Channel, Traits], now: datetime
) -> list[dict[str, Any]]:
    """Return the rows to add, in a constant number of queries."""
    cases = gather_cases(told, now=now, shelf=Shelf.of_all())
    chains = chains_of({root_of(message) for message in told})
    return [
        _row(message, now)
        for message in told
        if _reaches_further(message, cases[message.pk], chains[root_of(message)], gateways, now)
    ]


def _may_go_on(message: Message) -> bool:
    return (
        message.state in _SAID
        and message.recipient_id is not None
        and message.contact_point_id is None
        and message.priority != Priority.CODE
        and message.secret_params_enc is None
    )


def _reaches_further(
    message: Message,
    case: Case,
    chain: Chain,
    gateways: Mapping[Channel, Traits],
    now: datetime,
) -> bool:
    used: Iterable[str] = {*chain.channels.values(), message.channel or "", Channel.INBOX}
    further = replace(
        case,
        left_out=frozenset(used),
        is_heard=case.is_heard or chain.is_read,
        stuck_to_channel="",
        lifted=True,
    )
    says_all = set(case.topic.params) <= {*message.params, *case.params}  # secrets are wiped
    return says_all and isinstance(decide(further, now=now, gateways=gateways), Go)


def _row(message: Message, now: datetime) -> dict[str, Any]:
    public_id = uuid4()
    return {
        "dedupe_key": _key_after(message),
        "follows": root_of(message),
        "recipient": message.recipient_id,
        "about": message.about_id,
        "topic": message.topic_id,
        "params": message.params,
        "thread_key": message.thread_key,
        "priority": message.priority,
        "due_at": now,
        "not_after": message.not_after,
        "public_id": public_id,
        "short_code": short_code(public_id),
    }


def _key_after(message: Message) -> str:
    """Return the key of what comes after this channel; a chain never comes to a channel twice."""
    said = message.dedupe_key
    if message.follows_id is not None:
        said = said.rpartition(">")[0]
    key = f"{said}>{message.channel}"
    return key if len(key) <= _LONGEST_KEY else f"message:{root_of(message)}>{message.channel}"
