"""What a register delivers: tables with declared columns, and where each column goes.

A format is data: the office page shows it, the command's help lists it, and the import reads,
checks and writes by it. Every table of one target is staged in the same columns, so that four sets
of statements (person, paper, record, organisation) serve all of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from citizens.enums import EventRole, LifeEventKind
from citizens.registers.cells import Reader, birth, day, text


class Target(StrEnum):
    """Which facts a table holds."""

    PERSON = "person"
    PAPER = "paper"
    RECORD = "record"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column: its name in files (or `label_vi`), how it is read, where it goes.

    `to` is a staged column of the target (`citizens.registers.layout`), ``body.key`` for a
    record's or paper's document, ``sensitive.key`` for what is sealed apart, ``event.mother`` for a
    party to the event that a row tells of; ``number+body.certificate`` goes to both.
    """

    name: str
    label_vi: str
    to: str
    read: Reader = text
    required: bool = False

    @property
    def is_day(self) -> bool:
        """Whether its values are days."""
        return self.read in (day, birth)


@dataclass(frozen=True, slots=True)
class EventOf:
    """A life event that each new row of a table tells of.

    `role` is the part of whom the row is about; `key` names the columns that tell events apart
    where those of the row do not.
    """

    kind: LifeEventKind
    role: EventRole = EventRole.SUBJECT
    key: tuple[str, ...] = ()


@dataclass(frozen=True)
class Format:
    """One table of one register; `(register, kind)` names it.

    `row_key` names the columns that identify a row. `stored_kind` is the kind under which the
    facts stand (a credential's kind is the catalogue's key). `also_record` keeps a paper's document
    as a register record too, for prefill paths that ask for one; of papers that a holder has
    `one_at_a_time`, a newer one replaces the others. Where it `tells_kin`, each
    row names a relative.
    """

    register: str
    kind: str
    name_vi: str
    name_en: str
    target: Target
    columns: tuple[Column, ...]
    row_key: tuple[str, ...] = ("number",)
    stored_kind: str = ""
    also_record: bool = False
    one_at_a_time: bool = False
    tells_kin: bool = False
    event: EventOf | None = None
    notes_vi: str = ""
    by_name: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = {folded(column.name): column for column in self.columns}
        names |= {folded(column.label_vi): column for column in self.columns}
        object.__setattr__(self, "by_name", names)

    @property
    def key(self) -> str:
        """The format's name on the command line: ``GPLX.licence``."""
        return f"{self.register}.{self.kind}"

    @property
    def fact_kind(self) -> str:
        """The kind of the stored credential or record."""
        return self.stored_kind or self.kind

    @property
    def required(self) -> tuple[Column, ...]:
        """The columns that a file must have."""
        return tuple(column for column in self.columns if column.required)

    def column_for(self, heading: str) -> Column | None:
        """Return the column that a file's heading means, by name or Vietnamese label."""
        return self.by_name.get(folded(heading))

    def missing(self, header: Iterable[str]) -> list[Column]:
        """Return the required columns that no heading means."""
        there = {column.name for column in map(self.column_for, header) if column}
        return [column for column in self.required if column.name not in there]

    def known(self, header: Iterable[str]) -> int:
        """Return how many headings mean a column of this format."""
        return sum(self.column_for(heading) is not None for heading in header)


def folded(heading: str) -> str:
    """Return a heading without accents, case and punctuation: ``Họ và tên`` as ``ho va ten``."""
    plain = unicodedata.normalize("NFD", heading.casefold().replace("đ", "d"))
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def fitting(formats: Sequence[Format], header: Sequence[str]) -> list[Format]:
    """Return the formats whose required columns all stand in `header`, the best fit in front."""
    whole = [one for one in formats if not one.missing(header)]
    return sorted(whole, key=lambda one: -one.known(header))
