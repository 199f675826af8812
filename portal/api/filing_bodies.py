"""What the addresses of drafts, papers, fees and results answer and take."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from portal.api.bodies import FieldBody, Words


@dataclass(frozen=True)
class BeginBody:
    """The key of a procedure, for whom it is begun (a party; the person without), first answers."""

    procedure: str
    owner: UUID | None = None
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AnswersBody:
    """Answers by the names of fields; an empty text takes one back, others stay as they were."""

    answers: dict[str, str]


@dataclass(frozen=True)
class DraftBody:
    """What was begun and not filed; of a prepared matter `suggestion` is where it is filed."""

    id: UUID
    version: int
    procedure: str
    title: Words
    owner: UUID
    suggestion: UUID | None
    saved_at: datetime
    kept_until: date


@dataclass(frozen=True)
class DraftFormBody:
    """A draft with its form: what is known, what is asked, what may be said, what was answered.

    `faults` has a sentence for each answer that cannot be filed as it was typed.
    """

    draft: DraftBody
    fields: list[FieldBody]
    missing: list[FieldBody]
    optional: list[FieldBody]
    answers: dict[str, str]
    faults: dict[str, str]


@dataclass(frozen=True)
class SlotBody:
    """A paper to hand in and the file that is laid ready for it, if any; `check` is its scan."""

    code: str
    name: str
    condition: str
    is_needed: bool
    document: UUID | None
    file: str
    check: str


@dataclass(frozen=True)
class SlotsBody:
    """Papers to hand in; `why` is what an office wrote that asked for them."""

    why: str
    papers: list[SlotBody]


@dataclass(frozen=True)
class ChosenBody:
    """A file of the repository to be handed in again."""

    document: UUID


@dataclass(frozen=True)
class PaperBody:
    """A file of the person or of whom they act for; `may_open` once it was found harmless."""

    id: UUID
    owner: UUID
    title: str
    media_type: str
    size: int
    number: str
    issuer: str
    issued_on: date | None
    recorded_at: datetime
    check: str
    may_open: bool


@dataclass(frozen=True)
class FiledFieldBody:
    """A field as it was filed."""

    name: str
    label: Words
    value: str
    source: str
    register: str | None
    as_of: date | None


@dataclass(frozen=True)
class FiledPaperBody:
    """A component of a dossier: a register answers for it, or a file, or it is still to come."""

    code: str
    name: str
    satisfied_by: str
    document: UUID | None
    file: str


@dataclass(frozen=True)
class FiledBody:
    """What a dossier was filed with; nothing of it for whoever only helped."""

    fields: list[FiledFieldBody]
    papers: list[FiledPaperBody]


@dataclass(frozen=True)
class TransferBody:
    """How to pay: the account, what to write, and the text of the VietQR that says all of it."""

    bank: str
    bank_bin: str
    account: str
    holder: str
    content: str
    vietqr: str
    is_simulated: bool


@dataclass(frozen=True)
class FeeBody:
    """A fee that is due, paid or given back; `transfer` of one that is due, where there is a way.

    Every fee may be paid at the counter of the dossier's office too.
    """

    id: UUID
    amount_vnd: int
    basis: str
    reference: str
    state: str
    way: str
    asked_at: datetime
    paid_at: datetime | None
    receipt: str
    transfer: TransferBody | None


@dataclass(frozen=True)
class FeesBody:
    """The fees of a dossier, the first asked first."""

    fees: list[FeeBody]


@dataclass(frozen=True)
class IssuedBody:
    """A signed paper that came out of a dossier; `code` proves at /verify/ that it is ours."""

    id: UUID
    kind: str
    title: str
    number: str
    issued_on: date | None
    size: int
    code: str
    standing: str


@dataclass(frozen=True)
class OutcomeBody:
    """What came out of a dossier: its papers, and what the result waits for, if anything.

    `may_receive`: the signed result is there, and nobody has handed it over.
    """

    papers: list[IssuedBody]
    waits_for_fee: bool
    may_receive: bool
