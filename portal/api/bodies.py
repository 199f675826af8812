"""What the citizens' addresses answer; the schema is read from these kinds.

People and objects are named by their public ids, numbers of papers are masked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class Words:
    """A text of the catalogue in Vietnamese, and in English where there is one."""

    vi: str
    en: str | None


@dataclass(frozen=True)
class PartyBody:
    """A person, organisation or household that the reader may act for."""

    id: UUID
    kind: str
    name: str


@dataclass(frozen=True)
class MeBody:
    """The signed-in person, and for whom they may act today."""

    id: UUID
    name: str
    acts_for: list[PartyBody]


@dataclass(frozen=True)
class CredentialBody:
    """A paper that a register holds, with only the end of its number; `holder` is a party."""

    id: UUID
    holder: UUID
    kind: str
    category: str
    number: str
    status: str
    register: str
    issued_on: date
    expires_on: date | None
    as_of: date


@dataclass(frozen=True)
class SuggestionBody:
    """A matter that was prepared; `about` is a party, one of `procedure` and `bundle` is offered.

    `answer` is "likely" where one fact is missing in the registers.
    """

    id: UUID
    state: str
    answer: str
    about: UUID
    procedure: str | None
    bundle: str | None
    reason: Words
    due_on: date
    opened_on: date
    put_off_until: date | None


@dataclass(frozen=True)
class WhyBody:
    """Why a matter was prepared, by which law, when it may be filed, and what happens otherwise."""

    reason: Words
    legal_basis: list[str]
    due_on: date
    days_left: int
    earliest_on: date | None
    latest_on: date | None
    consequence: Words | None


@dataclass(frozen=True)
class DossierBody:
    """A dossier: `status` is the national number, `status_name` is in the asked language."""

    id: UUID
    code: str
    version: int
    procedure: str
    title: Words
    owner: UUID
    status: int
    status_name: str
    office: str
    submitted_at: datetime
    due_on: date | None
    appointment_on: date | None
    finished_at: datetime | None


@dataclass(frozen=True)
class StepBody:
    """What happened to a dossier; names are in the asked language."""

    at: datetime
    action: str
    action_name: str
    status_name: str
    by: str
    note: str


@dataclass(frozen=True)
class TimelineBody:
    """What happened to a dossier so far, first step first, and what its owner may do now."""

    steps: list[StepBody]
    may: list[str]


@dataclass(frozen=True)
class FieldBody:
    """A field of a prepared form: filled from `source`, or "" and asked for."""

    name: str
    label: Words
    kind: str
    is_required: bool
    choices: list[str]
    value: str
    source: str
    register: str | None
    as_of: date | None


@dataclass(frozen=True)
class FormBody:
    """The form of what one confirmation files; `missing` are the fields that it asks for."""

    procedures: list[str]
    fields: list[FieldBody]
    missing: list[FieldBody]


@dataclass(frozen=True)
class AcceptBody:
    """A confirmation: answers by the name of a missing field, and further steps of a bundle."""

    answers: dict[str, str] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class AcceptedBody:
    """What was filed."""

    dossiers: list[DossierBody]


@dataclass(frozen=True)
class SnoozeBody:
    """Until which day the person wants to hear nothing."""

    until: date


@dataclass(frozen=True)
class NothingBody:
    """An empty object."""


@dataclass(frozen=True)
class LetterBody:
    """What was said to the person; `code` proves at /verify/ that it is ours."""

    id: UUID
    subject: str
    body: str
    code: str
    sent_at: datetime | None
    is_read: bool


@dataclass(frozen=True)
class ProcedureBody:
    """A procedure of the catalogue as it is in force; `key` names it in addresses."""

    key: str
    code: str
    version: int
    name: Words
    field_vi: str
    result_vi: str
    channels: list[str]
    legal_basis: list[str]


@dataclass(frozen=True)
class TrackBody:
    """The code of a dossier, and 4 digits of the applicant's telephone or the day of birth."""

    code: str
    fact: str


@dataclass(frozen=True)
class TrackedBody:
    """Where a dossier is; nothing here names a person or what it holds."""

    code: str
    status: int
    status_name: str
    office: str
    submitted_at: datetime
    appointment_on: date | None
    ended_at: datetime | None


@dataclass(frozen=True)
class ChoiceBody:
    """What the person said last about a purpose; `channel` is "" for everywhere."""

    purpose: str
    channel: str
    is_given: bool
    since: datetime


@dataclass(frozen=True)
class ChoicesBody:
    """Every statement that holds; what is not among them was never agreed to."""

    choices: list[ChoiceBody]


@dataclass(frozen=True)
class LookBody:
    """One look at data: when, which office, what for, what was shown, `about` which own parties."""

    at: datetime
    office: str | None
    purpose: str
    reference: str
    fields: list[str]
    about: list[UUID]
