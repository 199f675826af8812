"""The inbox in the portal: everything that was said to a person, whatever way it also went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from citizens.enums import PartyKind
from citizens.models import Party
from notifications.enums import Channel, MessageState
from notifications.models import Message
from notifications.rules.facts import DIGEST
from notifications.rules.wording import fill, grouped
from notifications.selectors.texts import Shelf

_SAID = (MessageState.SENT, MessageState.DELIVERED, MessageState.UNKNOWN, MessageState.FAILED)


@dataclass(frozen=True)
class Letter:
    """One message as its reader sees it in the portal, with accents; `code` is also in the SMS."""

    public_id: UUID
    thread_key: str
    subject: str
    body: str
    code: str
    sent_at: datetime | None
    is_read: bool


def inbox_of(*, party: Party) -> QuerySet[Message]:
    """Messages said to a party, the latest first; also those whose SMS failed, never codes.

    What was said on several channels is one letter; what a digest said are letters of their own.
    What was said about somebody who has died since is not shown, unless the topic may speak of
    them. Asked so that a person of whom the reader's pages see nothing counts like one who died.
    """
    alive = Q(about__citizen__birth_date__isnull=False, about__citizen__died_on__isnull=True)
    is_person = Q(about__kind=PartyKind.CITIZEN)
    spoken_of = Q(about=None) | Q(about=party) | ~is_person | alive
    return (
        Message.objects.filter(
            spoken_of | Q(topic__about_may_be_deceased=True),
            Q(state__in=_SAID) | Q(digest__isnull=False),
            recipient=party,
            follows=None,
            topic__channels__contains=[Channel.INBOX],
        )
        .exclude(topic=DIGEST)
        .select_related("topic")
        .order_by("-recorded_at", "-pk")
    )


def letters_of(*, messages: Sequence[Message], language: str) -> list[Letter]:
    """Return a page of `inbox_of` in words, in a language with Vietnamese as a fallback."""
    shelf = Shelf.of_all({message.topic_id for message in messages})
    return [_letter(message, shelf, language) for message in messages]


def _letter(message: Message, shelf: Shelf, language: str) -> Letter:
    text = shelf.pick(message.topic_id, message.text_version, Channel.INBOX, language)
    return Letter(
        public_id=message.public_id,
        thread_key=message.thread_key,
        subject=fill(text.subject, message.params, language=text.language),
        body=fill(text.body, message.params, language=text.language),
        code=grouped(message.short_code),
        sent_at=message.sent_at,
        is_read=message.read_at is not None,
    )
