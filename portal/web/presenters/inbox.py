"""Messages as the person reads them in the portal, and as they went to the phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from citizens.models import Citizen
from citizens.selectors import acting_for, cases_of, requests_of
from dossiers.selectors import dossiers_of
from dossiers.selectors.bundles import cases_of as bundles_of
from notifications.enums import Channel
from notifications.models import Message
from notifications.selectors import Letter
from portal.common import clock
from procedures.selectors import told_suggestions


@dataclass(frozen=True)
class ListedLetter:
    """One message: its words in the portal, and `sent_as`, the words that left by `channel`."""

    public_id: UUID
    subject: str
    body: str
    code: str
    at: datetime
    is_read: bool
    channel: str
    state: str
    sent_as: str


def listed(messages: Sequence[Message], letters: Sequence[Letter]) -> list[ListedLetter]:
    """Return messages and their words as the inbox shows them."""
    return [
        ListedLetter(
            public_id=letter.public_id,
            subject=letter.subject,
            body=letter.body,
            code=letter.code,
            at=message.sent_at or message.recorded_at,
            is_read=letter.is_read,
            channel=""
            if message.channel in (None, Channel.INBOX)
            else message.get_channel_display(),
            state=message.get_state_display(),
            sent_as="" if message.channel == Channel.INBOX else message.rendered,
        )
        for message, letter in zip(messages, letters, strict=True)
    ]


_PLACES = {"help_code": "web:helpers", "data_incident": "web:my_data"}


def place_url(topic: str) -> str:
    """Return the page that a message of this topic speaks of, "" where it speaks of none."""
    return reverse(_PLACES[topic]) if topic in _PLACES else ""


def matter_url(citizen: Citizen, thread_key: str) -> str:
    """Return the address of the matter a message speaks of, "" where it is not the person's.

    What a helper filed is told to the person in a thread of their own, "dossier:…:owner".
    """
    room, _colon, key = thread_key.removesuffix(":owner").partition(":")
    if not key.isdecimal():
        return ""
    if room == "suggestion":
        mine = told_suggestions(citizen=citizen, day=clock.today())
        found = mine.filter(pk=int(key)).values_list("public_id", flat=True).first()
        return reverse("web:suggestion", args=[found]) if found else ""
    if room == "data_request":
        asked = requests_of(citizen=citizen, user=citizen.user, day=clock.today())
        request = asked.filter(pk=int(key)).first()
        return reverse("web:request", args=[request.public_id]) if request else ""
    if room == "dossier":
        theirs = dossiers_of(citizen=citizen).filter(pk=int(key))
        public_id = theirs.values_list("public_id", flat=True).first()
        return reverse("web:dossier", args=[public_id]) if public_id else ""
    if room == "case":
        case = bundles_of(citizen=citizen).filter(pk=int(key)).first()
        return reverse("web:case", args=[case.public_id]) if case else ""
    return _case_url(citizen, int(key)) if room == "discrepancy" else ""


def _case_url(citizen: Citizen, key: int) -> str:
    """Return where a case about the person, or somebody they act for, stands on "My data"."""
    theirs = acting_for(actor=citizen, day=clock.today()).values_list("pk", flat=True)
    case = cases_of(parties=[citizen.pk, *theirs]).filter(pk=key).first()
    return f"{reverse('web:my_data')}#case-{case.public_id}" if case else ""
