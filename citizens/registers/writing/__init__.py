"""Resolved rows become facts, a slice of lines at a time; each target has its own statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from citizens.registers.formats import Format, Target
from citizens.registers.writing.organisations import write_organisations
from citizens.registers.writing.papers import write_papers
from citizens.registers.writing.people import link_people, write_people
from citizens.registers.writing.records import write_records
from citizens.registers.writing.slices import Slice, Written

__all__ = ["Slice", "Written", "link_facts", "write_facts"]

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


def link_facts(declared: Format, part: Slice) -> None:
    """Tie people of a slice to each other; needs all rows written, repeating it changes nothing."""
    if declared.target == Target.PERSON:
        link_people(part)
