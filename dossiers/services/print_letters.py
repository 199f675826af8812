"""Put messages on paper: signed letters to people whom nothing else reached, or who want one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from citizens.enums import PartyKind
from citizens.models import Party
from dossiers.documents.letters import PrintedLetter, printed_letter
from notifications.enums import Channel
from notifications.models import Message
from notifications.selectors import letters_of
from notifications.services import give_code


def print_letters(*, messages: Sequence[Message], day: date, language: str) -> list[PrintedLetter]:
    """Return the letters of the civil date `day`, in the order given.

    Left out is what cannot be told on paper: messages to nobody of the registers, codes, and those
    to or about people who died, left the country or were merged into another record.
    """
    fit = [one for one in messages if _may_be_printed(one, day)]
    for message in fit:
        give_code(message=message)
    words = letters_of(messages=fit, language=language)
    return [printed_letter(one, said, day=day) for one, said in zip(fit, words, strict=True)]


def _may_be_printed(message: Message, day: date) -> bool:
    topic, about = message.topic, message.about
    if Channel.INBOX not in topic.channels or message.secret_params_enc is not None:
        return False
    if about is not None and not topic.about_may_be_deceased and not _is_there(about, day):
        return False
    return message.recipient is not None and _is_there(message.recipient, day)


def _is_there(party: Party, day: date) -> bool:
    if party.kind != PartyKind.CITIZEN:
        return True
    citizen = party.citizen
    has_left = citizen.emigrated_on is not None and citizen.emigrated_on <= day
    return citizen.died_on is None and citizen.survivor_id is None and not has_left
