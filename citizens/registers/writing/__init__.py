"""Resolved rows become facts, a slice of lines at a time; each target has its own statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from citizens.registers.formats import Format, Target
from citizens.registers.writing.organisations import write_organisations
from citizens.registers.writing.papers import write_papers
from citizens.registers.writing.people import TIES_OF_PEOPLE, write_people
from citizens.registers.writing.records import write_records
from citizens.registers.writing.slices import Slice, Tie, Written

__all__ = ["Slice", "Tie", "Written", "ties_of", "write_facts"]

_WRITERS: Mapping[Target, Callable[[Format, Slice], Written]] = MappingProxyType(
    {
        Target.PERSON: write_people,
        Target.PAPER: write_papers,
        Target.RECORD: write_records,
        Target.ORGANISATION: write_organisations,
    }
)


def write_facts(declared: Format, part: Slice) -> Written:
    """Write the rows of a slice and the news of them; call it in the slice's transaction."""
    return _WRITERS[declared.target](declared, part)


def ties_of(declared: Format) -> tuple[Tie, ...]:
    """Return what ties the rows of a table to each other, two kinds that do not meet, or none.

    It needs all rows written. Repeating it changes nothing.
    """
    return TIES_OF_PEOPLE if declared.target == Target.PERSON else ()
