"""The tables of the fourteen registers, by register code and kind."""

from __future__ import annotations

from citizens.registers.declared.life import LIFE
from citizens.registers.declared.organisations import ORGANISATIONS
from citizens.registers.declared.papers import PAPERS
from citizens.registers.declared.people import PEOPLE
from citizens.registers.declared.records import RECORDS
from citizens.registers.formats import Format

_ALL = (*PEOPLE, *PAPERS, *LIFE, *RECORDS, *ORGANISATIONS)
FORMATS: dict[str, Format] = {one.key: one for one in _ALL}


def formats_of(register: str) -> list[Format]:
    """Return the tables that a register delivers, in the order in which they are declared."""
    return [one for one in FORMATS.values() if one.register == register]
