"""What somebody may begin by chat: what waits for them first, then procedures by their names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from citizens.models import Citizen
from dossiers.services.save_draft import save_draft
from notifications.rules.sms import unaccented
from notifications.rules.wording import grouped, short_code
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.models import ProcedureVersion, Suggestion
from procedures.models.catalogue import in_force
from procedures.selectors import explain, offer_of, suggestions_of

MOST = 3
_LABEL = 80
# Words that nearly every wish or name has: they tell nothing apart.
_COMMON = frozenset(
    re.split(
        " ",
        "toi muon lam xin cho can the nao thu tuc ho so giay phep to cap dang ky va cua o tai nha",
    )
)
_LEAST_SHARE = 0.5
_OF_ANYBODY = 0.4  # how much better a procedure must fit than what is prepared for the person
_LOOKED_AT = 20


@dataclass(frozen=True)
class Choice:
    """Something to begin; `key` is `s-` and a suggestion's public id, or `p-` and a procedure."""

    key: str
    label: str


@dataclass(frozen=True)
class Opened:
    """A draft that was begun, and the code by which it is named."""

    label: str
    code: str


def waiting_choices(*, citizen: Citizen, now: datetime) -> list[Choice]:
    """Return what waits for this person, the most urgent first."""
    day = clock.civil_date(now)
    rows = suggestions_of(citizen=citizen, day=day)[:MOST]
    return [Choice(f"s-{row.public_id}", _name_of(row, now)) for row in rows]


def choices_for(text: str, *, citizen: Citizen, now: datetime) -> list[Choice]:
    """Return what the words of a text name, the best first: prepared matters before others."""
    wanted = _told(text)
    day = clock.civil_date(now)
    if not wanted:
        return []
    rows = suggestions_of(citizen=citizen, day=day)[:_LOOKED_AT]
    waiting = [Choice(f"s-{row.public_id}", _name_of(row, now)) for row in rows]
    versions = ProcedureVersion.objects.filter(in_force(day)).select_related("procedure")
    others = [Choice(f"p-{row.procedure.key}", row.name_vi[:_LABEL]) for row in versions]
    scored = [(_share(wanted, one.label), one) for one in waiting] + [
        (_share(wanted, one.label) - _OF_ANYBODY, one) for one in others
    ]
    good = [(share, one) for share, one in scored if share >= _LEAST_SHARE]
    return [one for _share_of_it, one in sorted(good, key=lambda pair: -pair[0])[:MOST]]


def open_draft(key: str, *, citizen: Citizen, now: datetime) -> Opened | None:
    """Begin the draft that a choice names; None where that is not theirs to begin (any more)."""
    day = clock.civil_date(now)
    kind, _dash, name = key.partition("-")
    if kind == "s":
        return _of_suggestion(name, citizen, now)
    versions = ProcedureVersion.objects.filter(in_force(day), procedure__key=name)
    return _begun(versions.first(), None, citizen, now) if kind == "p" else None


def _of_suggestion(name: str, citizen: Citizen, now: datetime) -> Opened | None:
    try:
        public_id = UUID(name)
    except ValueError:
        return None
    day = clock.civil_date(now)
    row = suggestions_of(citizen=citizen, day=day).filter(public_id=public_id).first()
    return _begun(offer_of(suggestion=row, day=day).version, row, citizen, now) if row else None


def _begun(
    version: ProcedureVersion | None, row: Suggestion | None, citizen: Citizen, now: datetime
) -> Opened | None:
    if version is None:
        return None
    try:
        draft = save_draft(
            suggestion=row,
            version=version,
            applicant=citizen,
            owner=row.subject if row else citizen.party,
            changes={},
            now=now,
        )
    except RefusedError:
        return None
    label = _name_of(row, now) if row else version.name_vi
    return Opened(label, grouped(short_code(draft.public_id)))


def _name_of(row: Suggestion, now: datetime) -> str:
    return explain(suggestion=row, day=clock.civil_date(now)).paper_vi[:_LABEL]


def _told(text: str) -> set[str]:
    return set(re.findall(r"\w+", unaccented(text.lower()))) - _COMMON


def _share(wanted: set[str], label: str) -> float:
    """Return how much of what was said stands in a name."""
    return len(wanted & _told(label)) / len(wanted)
