"""Requests about one's data in plain words: what each kind means, what happens, by when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_stubs_ext import StrPromise

from citizens import sla
from citizens.definition.consent_texts import Wording, consent_texts
from citizens.enums import DataRequestKind, DataRequestState
from citizens.models import Citizen, DataRequest
from citizens.models.choices import REQUEST_KINDS
from citizens.selectors import working_calendar
from citizens.workflow import BY_SOFTWARE, OPEN_STATES, STOPS_OFFERS, request_code
from dossiers.services import has_open_copy
from notifications.services.make_choice import STOP_BY_REQUEST

K, S = DataRequestKind, DataRequestState
_NAMES = dict(REQUEST_KINDS)
# (what it means, what happens then)
_WORDS: Mapping[DataRequestKind, tuple[StrPromise, StrPromise]] = {
    K.ACCESS: (
        gettext_lazy("You see on one page everything the portal holds about you."),
        gettext_lazy("The portal shows it at once; no official is needed."),
    ),
    K.COPY: (
        gettext_lazy(
            "You take everything with you: to read and print, and as a file for machines."
        ),
        gettext_lazy("The portal makes it at once; no official is needed."),
    ),
    K.CORRECT: (
        gettext_lazy("Something held about you is wrong, and you say what is right."),
        gettext_lazy(
            "An official checks it with the register that owns the datum and answers you."
        ),
    ),
    K.RESTRICT: (
        gettext_lazy("Your data stay stored, but are used only for what the law demands."),
        gettext_lazy(
            "An official answers; once it is done the portal stops offering you services."
        ),
    ),
    K.OBJECT: (
        gettext_lazy("You do not want a certain use of your data, and say which."),
        gettext_lazy(
            "An official answers; once it is done the portal stops offering you services."
        ),
    ),
    K.WITHDRAW: (
        gettext_lazy("You take back all that you agreed to, in one go and in writing."),
        gettext_lazy("An official confirms it; you can also do so yourself at once in My choices."),
    ),
}
_TONES: Mapping[DataRequestState, str] = {
    S.RECEIVED: "info",
    S.ANSWERED: "progress",
    S.DONE: "done",
    S.REFUSED: "late",
    S.CANCELLED: "neutral",
}


@dataclass(frozen=True)
class Kind:
    """One of the six kinds, as it is offered."""

    value: str
    title: str
    meaning: str
    then: str
    is_at_once: bool


@dataclass(frozen=True)
class Promise:
    """What will happen with a request sent today, shown before it is sent."""

    answer_due_on: date
    act_due_on: date
    with_processors_on: date
    can_take_longer: bool
    extension_days: int
    effect: Wording | None


@dataclass(frozen=True)
class Step:
    """One line of templates/components/timeline.html."""

    label: str
    state: str
    at: datetime | None = None
    day: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Card:
    """One request on the list."""

    public_id: UUID
    code: str
    title: str
    for_whom: str
    tone: str
    state: str
    received_on: date
    due_on: date | None
    due_label: str
    is_late: bool


def kinds() -> list[Kind]:
    """Return the six kinds in the order of the law's list."""
    return [kind_of(kind) for kind in _WORDS]


def kind_of(kind: DataRequestKind) -> Kind:
    """Return one kind in words."""
    meaning, then = _WORDS[kind]
    return Kind(kind.value, str(_NAMES[kind]), str(meaning), str(then), kind in BY_SOFTWARE)


def promise(kind: DataRequestKind, day: date) -> Promise:
    """Return both days of a request received on `day`, and what the portal will stop itself."""
    calendar = working_calendar()
    due = sla.act_due(kind, day, calendar)
    longer = sla.act_due(kind, day, calendar, has_processors=True)
    return Promise(
        answer_due_on=sla.answer_due(day, calendar),
        act_due_on=due,
        with_processors_on=longer,
        can_take_longer=longer > due,
        extension_days=sla.LONGEST_EXTENSION[kind],
        effect=_effect() if kind in STOPS_OFFERS else None,
    )


def card(request: DataRequest, reader: Citizen, day: date) -> Card:
    """Return a request as the list shows it."""
    state = S(request.state)
    due_on, label = _next_day(request)
    return Card(
        public_id=request.public_id,
        code=request_code(request.public_id),
        title=str(_NAMES[K(request.kind)]),
        for_whom="" if request.citizen_id == reader.pk else request.citizen.full_name,
        tone=_TONES[state],
        state=request.get_state_display(),
        received_on=request.received_on,
        due_on=due_on,
        due_label=label,
        is_late=due_on is not None and due_on < day,
    )


def cards(requests: Iterable[DataRequest], reader: Citizen, day: date) -> list[Card]:
    """Return requests as the list shows them."""
    return [card(request, reader, day) for request in requests]


def steps(request: DataRequest) -> list[Step]:
    """Return the way of a request: sent, answered, done; what ended it early comes last."""
    state = S(request.state)
    found = [Step(_("Received"), "done", day=request.received_on)]
    if state == S.REFUSED:
        return [*found, Step(_("Refused"), "done", at=request.finished_at)]
    if state == S.CANCELLED:
        return [*found, Step(_("Taken back"), "done", at=request.finished_at)]
    if request.answered_at:
        found.append(Step(_("Answered"), "done", at=request.answered_at))
    else:
        found.append(Step(_("The agency answers"), "now", day=request.answer_due_on))
    if request.finished_at:
        return [*found, Step(_("Done"), "done", at=request.finished_at)]
    standing = "now" if request.answered_at else "next"
    return [*found, Step(_("It is carried out"), standing, day=request.act_due_on)]


def extension(request: DataRequest) -> str:
    """Return why it takes longer, "" where it does not."""
    return request.extension_reason if request.is_extended else ""


def page_of(request: DataRequest, reader: Citizen, day: date, now: datetime) -> dict[str, object]:
    """Return the context of one request; what was asked and answered is unsealed here."""
    kind = K(request.kind)
    answer = request.unseal("answer_enc")
    return {
        "card": card(request, reader, day),
        "kind": kind_of(kind),
        "data_request": request,
        "office": request.owner.name_vi,
        "asked": [part for part in request.unseal("body_enc").splitlines() if part.strip()],
        "answer": [part for part in answer.splitlines() if part.strip()],
        "steps": steps(request),
        "extension": extension(request),
        "effect": _effect() if kind in STOPS_OFFERS and request.state in _EFFECTIVE else None,
        "is_in_effect": request.state == S.DONE,
        "may_cancel": request.state in OPEN_STATES,
        "has_copy": has_open_copy(request, now),
    }


_EFFECTIVE = (*OPEN_STATES, S.DONE)


def _effect() -> Wording:
    text = consent_texts().current(STOP_BY_REQUEST)
    return text.in_language(get_language() or "vi")


def _next_day(request: DataRequest) -> tuple[date | None, str]:
    match request.state:
        case S.RECEIVED:
            return request.answer_due_on, _("Answer by")
        case S.ANSWERED:
            return request.act_due_on, _("Done by")
        case _:
            return None, ""
