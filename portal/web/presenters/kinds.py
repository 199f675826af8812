"""What kinds of records are called: as the registers' declared tables name them."""

from __future__ import annotations

from citizens.registers.declared import FORMATS
from citizens.registers.formats import Target
from portal.web.presenters.language import either

# Tables whose rows are kept as records, by kind; no kind comes in two registers.
TABLES = {
    table.kind: table
    for table in FORMATS.values()
    if table.also_record or table.target in {Target.PERSON, Target.RECORD}
}


def record_name(kind: str) -> str:
    """Return the name of a kind of record in the language of the page; never fails."""
    table = TABLES.get(kind)
    if table is None:
        return kind.replace("_", " ").capitalize()
    return either(table.name_vi, table.name_en)


def has_several(register: str) -> bool:
    """Return whether a register keeps records of several kinds."""
    return sum(table.register == register for table in TABLES.values()) > 1
