"""Put one message into the outbox, in the transaction of the fact that it speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from citizens.models import ContactPoint, Party, User
from notifications.models import Message, Topic
from notifications.rules.wording import short_code
from portal.common.crypto import seal_json
from portal.common.errors import RefusedError


def enqueue(
    *,
    topic: str,
    params: Mapping[str, Any],
    dedupe_key: str,
    due_at: datetime,
    recipient: Party | None = None,
    user: User | None = None,
    contact_point: ContactPoint | None = None,
    not_after: datetime | None = None,
    about: Party | None = None,
    thread_key: str = "",
    secret_params: Mapping[str, Any] | None = None,
) -> Message | None:
    """Return the new message, or None, changing nothing, when this `dedupe_key` was used before.

    `params` and `secret_params` together must be exactly what the topic lists: RefusedError
    otherwise. A value may be text, a number, an ISO date (names ending in `_on`), null, or a
    mapping of languages. `secret_params` are encrypted and wiped once sent. `contact_point` sends
    there and nowhere else, also to an address that is not verified yet. The channel is chosen
    when the message leaves.
    """
    topic_row = Topic.objects.get(pk=topic)
    _check_params(topic_row, [*params, *(secret_params or {})])
    public_id = uuid4()
    message, is_new = Message.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "topic": topic_row,
            "recipient": recipient,
            "user": user,
            "contact_point": contact_point,
            "about": about,
            "params": dict(params),
            "secret_params_enc": _sealed(secret_params, public_id.bytes),
            "thread_key": thread_key,
            "priority": topic_row.priority,
            "due_at": due_at,
            "not_after": not_after,
            "public_id": public_id,
            "short_code": short_code(public_id),
        },
    )
    return message if is_new else None


def _check_params(topic: Topic, given: list[str]) -> None:
    unknown = sorted(set(given) - set(topic.params))
    missing = sorted(set(topic.params) - set(given))
    problems = [f"{topic.pk}: {name} is not a parameter of this topic" for name in unknown]
    problems += [f"{topic.pk}: {name} is missing" for name in missing]
    if problems:
        raise RefusedError(*problems)


def _sealed(secrets: Mapping[str, Any] | None, identity: bytes) -> bytes | None:
    if not secrets:
        return None
    return seal_json(
        dict(secrets), table="notifications_message", column="secret_params_enc", identity=identity
    )
