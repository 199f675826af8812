"""A message as a letter on paper, for a window envelope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from citizens.enums import PartyKind
from citizens.models import Citizen, Party, Unit
from dossiers.documents.senders import Sender, sender_of
from dossiers.documents.signed_code import SignedCode, signed_code
from notifications.models import Message
from notifications.rules.facts import Person
from notifications.rules.notices import NoticeKind
from notifications.rules.wording import grouped
from notifications.selectors import Letter


@dataclass(frozen=True)
class PrintedLetter:
    """One sheet: `to` are the lines in the envelope's window, the first may say for whom."""

    sender: Sender
    to: Sequence[str]
    day: date
    subject: str
    body: str
    signed: SignedCode


def printed_letter(message: Message, words: Letter, *, day: date) -> PrintedLetter:
    """Return a message to a party as a letter of the civil date `day`; its code must be there."""
    sender = sender_of(message.thread_key)
    assert message.recipient is not None  # noqa: S101 - promised by the caller
    return PrintedLetter(
        sender=sender,
        to=address_lines(message.recipient, day=day),
        day=day,
        subject=words.subject,
        body=words.body,
        signed=signed_code(
            kind=NoticeKind.LETTER,
            code=message.short_code,
            shown=grouped(message.short_code),
            agency=sender.code,
            day=day,
        ),
    )


def address_lines(party: Party, *, day: date) -> list[str]:
    """Return the lines of an address: name, house, unit; to the guardians of somebody under 18."""
    if party.kind == PartyKind.CITIZEN:
        citizen = party.citizen
        name, house = citizen.full_name, citizen.current_address or citizen.permanent_address
        return [*_for_guardians(citizen, day), name, house, *_unit_line(citizen.unit, house)]
    if party.kind == PartyKind.ORGANISATION:
        firm = party.organisation
        return [firm.name, firm.address, *_unit_line(firm.unit, firm.address)]
    home = party.household
    return [home.book_number, home.address, *_unit_line(home.unit, home.address)]


def _for_guardians(citizen: Citizen, day: date) -> list[str]:
    is_minor = Person(birth_date=citizen.birth_date).is_minor(day)
    return [_("To the parents or guardian of")] if is_minor else []


def _unit_line(unit: Unit, house: str) -> list[str]:
    """Return the unit and the city above it, unless the address says so already."""
    names = [unit.name_vi] + ([unit.parent.name_vi] if unit.parent else [])
    missing = [name for name in names if name.casefold() not in house.casefold()]
    return [", ".join(missing)] if missing else []
