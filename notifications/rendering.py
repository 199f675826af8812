"""Put a message into words for one channel, when it leaves; never by a template engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from notifications.enums import Channel
from notifications.models import Message
from notifications.rules.sms import as_sent
from notifications.rules.wording import CHECK_CODE, fill, grouped, short_code, shown_values
from notifications.selectors.texts import Shelf
from notifications.transports.base import Content
from portal.common.crypto import unseal_json


@dataclass(frozen=True)
class Rendered:
    """A message in words: what the gateway gets and what the outbox notes about it."""

    content: Content
    text_version: int
    short_code: str
    has_secrets: bool


def render(
    message: Message, *, shelf: Shelf, channel: Channel, language: str, is_neutral: bool, day: date
) -> Rendered:
    """Return the words of a message as of the civil date `day`.

    The first rendering pins the text's version. Raises TextMissingError or WordingError; both mean
    that trying again will not help until somebody mends the text.
    """
    text = shelf.pick(
        message.topic_id, message.text_version, channel, language, is_neutral=is_neutral
    )
    code = message.short_code or short_code(message.public_id)
    values = values_on(message, day) | {CHECK_CODE: grouped(code)}
    body = fill(text.body, values, language=text.language)
    if text.channel == Channel.SMS:
        body = as_sent(body, wording=text.body)
    subject = fill(text.subject, values, language=text.language)
    return Rendered(
        content=Content(
            body=body,
            subject=subject,
            topic=message.topic_id,
            language=text.language,
            values=shown_values(values, language=text.language) if channel == Channel.ZALO else {},
        ),
        text_version=text.version,
        short_code=code,
        has_secrets=message.secret_params_enc is not None,
    )


def values_on(message: Message, day: date) -> dict[str, Any]:
    """Return the parameters, secrets opened, with the days left counted today instead of then."""
    values: dict[str, Any] = dict(message.params)
    if message.secret_params_enc is not None:
        values |= _secrets(message)
    if isinstance(values.get("due_on"), str) and "days" in values:
        values["days"] = (date.fromisoformat(values["due_on"]) - day).days
    return values


def _secrets(message: Message) -> Mapping[str, Any]:
    opened: Mapping[str, Any] = unseal_json(
        message.secret_params_enc or b"",
        table="notifications_message",
        column="secret_params_enc",
        identity=message.public_id.bytes,
    )
    return opened
