"""What a population consists of, as plain values: planned first, written afterwards.

Everything is drawn from one random source of (citizens, seed, date), so the same three give the
same plan to the last digit; `Population.fingerprint` proves it. People and parties are known by
their place in a list until they are written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any, NamedTuple

from citizens.enums import BirthPrecision, CredentialStatus, Gender
from portal.demo.names import Name

# No province has the code 999, and no network the range 050: no real person can be in here.
PROVINCE_OF_PIN = "999"
PHONE_RANGE = "+8450"


class Place(NamedTuple):
    """A commune, ward or special zone in which people live."""

    code: str
    name: str
    urban: bool
    highland: bool


@dataclass(slots=True)
class Person:
    """One person of the plan; `home`, `father`, `mother` and `spouse` are places in its lists."""

    name: Name
    gender: Gender
    born: date
    place: Place
    home: int
    role: str
    address: str = ""
    father: int | None = None
    mother: int | None = None
    spouse: int | None = None
    precision: BirthPrecision = BirthPrecision.DAY
    died: date | None = None
    pin: str | None = None
    phone: str | None = None
    shared_phone: bool = False
    email: str | None = None
    has_app: bool = False
    has_zalo: bool = False
    is_twin: bool = False
    settled: bool = False
    sensitive: dict[str, str] = field(default_factory=dict)

    def age_on(self, day: date) -> int:
        """Return the age in whole years."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def is_adult_on(self, day: date) -> bool:
        """Return whether the person lives and is of age."""
        return self.died is None and day >= anniversary(self.born, 18)


@dataclass(slots=True)
class Home:
    """A household: its members by place in the list of people, the head first."""

    place: Place
    address: str
    members: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Firm:
    """An organisation with its representative."""

    name: str
    tax_code: str
    place: Place
    address: str
    boss: int


class Whose(StrEnum):
    """Which list a holder stands in."""

    PERSON = "person"
    FIRM = "firm"
    HOME = "home"


class Holder(NamedTuple):
    """A party of the plan."""

    whose: Whose
    at: int


@dataclass(slots=True)
class Paper:
    """A credential to be written."""

    holder: Holder
    kind: str
    register: str
    number: str
    issued: date
    expires: date | None
    issuer: str
    category: str = ""
    place: Place | None = None
    status: CredentialStatus = CredentialStatus.VALID
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Record:
    """A register's document about a party."""

    subject: Holder
    register: str
    kind: str
    key: str
    body: dict[str, Any]


@dataclass(slots=True)
class Event:
    """A life event with its parties by role."""

    kind: str
    register: str
    key: str
    day: date
    place: Place
    parties: list[tuple[str, Holder]]
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Mandate:
    """`actor` may act for a party from `first` until `end`."""

    actor: int
    party: Holder
    basis: str
    first: date
    end: date | None = None


@dataclass
class Population:
    """The whole plan of a population on one civil date."""

    on: date
    people: list[Person] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    firms: list[Firm] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    mandates: list[Mandate] = field(default_factory=list)

    def adults(self) -> list[int]:
        """Return the living adults by their place in the list."""
        return [at for at, person in enumerate(self.people) if person.is_adult_on(self.on)]

    def fingerprint(self) -> str:
        """Return a hash over everything in the plan."""
        digest = hashlib.sha256()
        for things in self._lists():
            if things:
                read = attrgetter(*(column.name for column in fields(things[0])))
                for thing in things:
                    digest.update(repr(read(thing)).encode())
        return digest.hexdigest()

    def _lists(self) -> Iterator[list[Any]]:
        yield self.people
        yield self.homes
        yield self.firms
        yield self.papers
        yield self.records
        yield self.events
        yield self.mandates


def anniversary(day: date, years: int) -> date:
    """Return the same day of another year; 29 February becomes 1 March where it is missing."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def days(count: float) -> timedelta:
    """Return so many days."""
    return timedelta(days=int(count))
