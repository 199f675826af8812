"""What one reply does: open a matter, put it off, say how a dossier stands, or ask a person.

Who writes from a number is not proved to be its owner: nothing is filed here, nothing about a
person is told but to a number that is verified as theirs alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import override

from citizens.models import Citizen, ContactPoint
from dossiers.models import Dossier
from dossiers.services.save_draft import save_draft
from notifications.enums import ReplyWord
from notifications.models import InboundMessage, Message
from notifications.selectors.answers import parties_at, told_to, written_by
from notifications.services import withdraw_thread
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.enums import RecipientState
from procedures.models import Recipient, Suggestion
from procedures.selectors import explain, offer_of
from procedures.services import snooze_suggestion

SNOOZES = (7, 3, 1)  # days: the longest that still leaves time
MOST_ANSWERS = 10  # a day to one address: after that a person reads, and no machine answers
NOT_UNDERSTOOD, TOO_MANY = "not_understood", "too_many"
_THREAD = "suggestion:"


@dataclass(frozen=True)
class Effect:
    """The topic that answers ("" for silence), its parameters, and why somebody should call."""

    topic: str
    params: Mapping[str, Any] = field(default_factory=dict)
    call_back: str = ""
    thread_key: str = ""
    point: ContactPoint | None = None


@dataclass(frozen=True)
class Asked:
    """One reply with what is known of where it came from."""

    code: str
    message: Message | None
    inbound: InboundMessage
    points: Sequence[ContactPoint]
    now: datetime


@dataclass(frozen=True)
class Matter:
    """A suggestion that still waits, and the one of its recipients who may have answered."""

    suggestion: Suggestion
    citizen: Citizen

    @property
    def thread_key(self) -> str:
        """The thread of its messages."""
        return f"{_THREAD}{self.suggestion.pk}"


def effect_of(
    *,
    word: ReplyWord,
    code: str,
    message: Message | None,
    inbound: InboundMessage,
    points: Sequence[ContactPoint],
    now: datetime,
) -> Effect:
    """Carry a reply out as far as may be and return how it is answered."""
    asked = Asked(code, message, inbound, points, now)
    today = written_by(inbound.sender_index, since=now - timedelta(days=1))
    if today.count() > MOST_ANSWERS:
        return Effect("", call_back=TOO_MANY)
    match word:
        case ReplyWord.STATUS:
            return _status(asked)
        case ReplyWord.STOP | ReplyWord.WRONG_NUMBER:
            return _stopped(asked, word)
        case ReplyWord.ACCEPT | ReplyWord.LATER:
            return _about_a_matter(asked, word)
        case ReplyWord.HELP:
            return Effect("reply_help")
        case _:
            return Effect("reply_unclear", call_back=NOT_UNDERSTOOD)


def _stopped(asked: Asked, word: ReplyWord) -> Effect:
    """Say what was stopped; it was done when the message came."""
    if asked.code and asked.message is None and word == ReplyWord.STOP:
        return Effect("reply_which")
    is_off = all(point.verified_at is None for point in asked.points)
    return Effect("reply_number_off" if is_off else "reply_stopped")


def _status(asked: Asked) -> Effect:
    """Tell the state to the applicant's own number; to any other the same neutral line always."""
    dossier = Dossier.objects.filter(code=asked.code).first()
    nothing = Effect("reply_status", {"state": None, "due_on": None})
    owners = parties_at(asked.points)
    if dossier is None or owners != [dossier.applicant_id] or asked.points[0].shared:
        return nothing
    due_on = None if dossier.finished_at else dossier.appointment_on
    params = {"state": _state_of(dossier), "due_on": due_on.isoformat() if due_on else None}
    return Effect("reply_status", params, thread_key=f"dossier:{dossier.pk}")


def _state_of(dossier: Dossier) -> dict[str, str]:
    names = {}
    for language in ("vi", "en"):
        with override(language):
            names[language] = str(dossier.get_status_display())
    return names


def _about_a_matter(asked: Asked, word: ReplyWord) -> Effect:
    matters = _matters(asked)
    if not matters:
        is_foreign = bool(asked.code) and asked.message is None
        return Effect("reply_which" if is_foreign else "reply_none")
    if len(matters) > 1:
        return Effect("reply_which")
    return _opened(asked, matters[0]) if word == ReplyWord.ACCEPT else _put_off(asked, matters[0])


def _opened(asked: Asked, matter: Matter) -> Effect:
    """Prepare the draft, so that the person finds it begun; the suggestion itself still waits."""
    day = clock.civil_date(asked.now)
    version = offer_of(suggestion=matter.suggestion, day=day).version
    if version is not None:
        save_draft(
            suggestion=matter.suggestion,
            version=version,
            applicant=matter.citizen,
            owner=matter.suggestion.subject,
            changes={},
            now=asked.now,
        )
    seen = Recipient.objects.filter(suggestion=matter.suggestion, citizen=matter.citizen)
    seen.filter(seen_at=None).update(seen_at=asked.now)
    # Nothing is filed: the other parent, say, is reminded as before.
    withdraw_thread(thread_key=matter.thread_key, recipient=matter.citizen.party)
    return _told("reply_accepted", {}, asked, matter)


def _put_off(asked: Asked, matter: Matter) -> Effect:
    """Be silent for some days, as its page does; nothing where no day is left to wait for."""
    day = clock.civil_date(asked.now)
    told = explain(suggestion=matter.suggestion, day=day)
    last = told.latest_on or told.due_on
    until = next((day + timedelta(n) for n in SNOOZES if day + timedelta(n) <= last), None)
    if until is not None:
        try:
            snooze_suggestion(suggestion=matter.suggestion, citizen=matter.citizen, until=until)
        except RefusedError:
            until = None
    params = {"until_on": until.isoformat() if until else None}
    return _told("reply_later", params, asked, matter)


def _told(topic: str, params: Mapping[str, Any], asked: Asked, matter: Matter) -> Effect:
    own = next((p for p in asked.points if p.party_id == matter.citizen.pk), None)
    return Effect(topic, params, point=own)


def _matters(asked: Asked) -> list[Matter]:
    """Return what the answer may be about: by its code, else what was told to this address.

    One matter for each suggestion and person that fit; a code that was not told here fits none.
    """
    if asked.message is not None:
        heard = [asked.message, *asked.message.members.all()]
    elif asked.code:
        return []
    else:
        heard = list(told_to(asked.inbound.sender_index, asked.points, now=asked.now)[:100])
    keys = [key for key in map(_suggestion_of, heard) if key is not None]
    owners = parties_at(asked.points)
    if asked.message is not None and asked.message.recipient_id in owners:
        owners = [asked.message.recipient_id]
    rows = Recipient.objects.filter(
        suggestion__in=Suggestion.objects.waiting().filter(pk__in=keys),
        citizen__in=owners,
        state=RecipientState.ACTIVE,
    )
    found = rows.select_related("suggestion__subject", "suggestion__rule", "citizen")
    found = found.select_related("suggestion__rule_version", "citizen__party")
    return [Matter(row.suggestion, row.citizen) for row in found.order_by("pk")]


def _suggestion_of(message: Message) -> int | None:
    key = message.thread_key.removeprefix(_THREAD)
    return int(key) if message.thread_key.startswith(_THREAD) and key.isdecimal() else None
