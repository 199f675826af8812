"""Bodies of the addresses of coming dates, choices, devices, verification and figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from citizens.enums import ConsentPurpose, ContactChannel
from portal.api.bodies import Words


@dataclass(frozen=True)
class ComingBody:
    """A day that comes within a year; `about` is a party, `credential` the paper that runs out.

    From `opens_on` the portal prepares it, where it does; `suggestion` waits for the reader.
    """

    due_on: date
    begins_on: date | None
    opens_on: date | None
    about: UUID
    kind: str
    calls_for: Words | None
    credential: UUID | None
    suggestion: UUID | None


@dataclass(frozen=True)
class CalendarBody:
    """Coming dates, the earliest first."""

    dates: list[ComingBody]


@dataclass(frozen=True)
class ChooseBody:
    """Whether a purpose is agreed to; offers of services may be stopped on one channel alone."""

    purpose: ConsentPurpose
    is_given: bool
    channel: ContactChannel | None = None


@dataclass(frozen=True)
class DeviceBody:
    """A browser or app that is told; `digest` (SHA-256 of its endpoint) lets it find itself."""

    id: UUID
    since: datetime
    digest: str


@dataclass(frozen=True)
class DevicesBody:
    """Who is told; `key` is what a push service is subscribed with, None where nobody is told."""

    key: str | None
    devices: list[DeviceBody]


@dataclass(frozen=True)
class SubscribeBody:
    """What a push service gave the device, as its JSON text."""

    subscription: str


@dataclass(frozen=True)
class VerifyBody:
    """The check code of a message (8 letters) or of a paper (20)."""

    code: str


@dataclass(frozen=True)
class VerifiedBody:
    """Whether it is ours; nothing here names a person.

    `kind` is "message" or "paper". A paper that is ours `standing` tells: stands, replaced, revoked
    or ended.
    """

    is_genuine: bool
    kind: str
    office: str
    day: date | None
    title: str
    number: str
    standing: str
    revoked_on: date | None


@dataclass(frozen=True)
class UnitFigureBody:
    """One unit's dossiers of the period; `share` is in_time / counted, None where none counts."""

    unit: str
    name: str
    in_time: int
    counted: int
    early: int
    on_time: int
    late: int
    overdue: int
    without_term: int
    share: float | None


@dataclass(frozen=True)
class DefinitionBody:
    """What a figure means: numerator, denominator, and what is left out."""

    sentence: Words
    numerator: Words
    denominator: Words
    left_out: Words


@dataclass(frozen=True)
class FiguresBody:
    """What each unit settled early or on time in whole months; as it looked on `until`."""

    first: date
    last: date
    until: date
    definition: DefinitionBody
    units: list[UnitFigureBody]
