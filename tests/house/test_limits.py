"""A declared column never takes more than the database keeps of it."""

from __future__ import annotations

import pytest
from django.db.models import Model

from citizens.models import Citizen, Credential, Household, HouseholdMember, Organisation
from citizens.registers import cells
from citizens.registers.declared import FORMATS
from citizens.registers.formats import Column, Target
from citizens.registers.layout import LAYOUTS
from citizens.registers.limits import most_of

TABLES: dict[Target, tuple[type[Model], ...]] = {
    Target.PERSON: (Citizen, HouseholdMember),
    Target.PAPER: (Credential,),
    Target.RECORD: (),
    Target.ORGANISATION: (Organisation,),
}
RENAMED: dict[str, tuple[type[Model], str]] = {"household_number": (Household, "book_number")}
# Read from a closed list or a form of their own, never as the words of the file.
OF_A_FORM = {"gender", "birth_precision", "status", "unit_code", "pin_gender", "tax_code"}


def longest(model: type[Model], name: str) -> int | None:
    return getattr(model._meta.get_field(name), "max_length", None)


def kept(target: Target, to: str) -> int | None:
    """Return how much the field of that name keeps of a staged column of words."""
    if LAYOUTS[target].get(to) != "text" or to in OF_A_FORM:
        return None
    if to in RENAMED:
        return longest(*RENAMED[to])
    for model in TABLES[target]:
        for field in model._meta.concrete_fields:
            if field.column == to:
                return field.max_length
    return None


COLUMNS = [
    pytest.param(one.target, column, to, id=f"{one.key}.{column.name}")
    for one in FORMATS.values()
    for column in one.columns
    for to in column.to.split("+")
    if kept(one.target, to) is not None
]


@pytest.mark.parametrize(("target", "column", "to"), COLUMNS)
def test_the_limit_of_a_declared_column_fits_its_field(
    target: Target, column: Column, to: str
) -> None:
    assert most_of(column, target) <= (kept(target, to) or 0)


def test_columns_of_words_are_looked_at() -> None:
    looked_at = {to for _target, _column, to in (parameter.values for parameter in COLUMNS)}

    assert {"full_name", "current_address", "category", "issuer", "name", "address"} <= looked_at
    assert {"household_number", "relation_to_head"} <= looked_at


def test_the_parts_of_a_name_fit_their_fields() -> None:
    most = {name: longest(Citizen, name) for name in PARTS}

    assert most == PARTS


PARTS = {
    "family_name": cells.LONGEST_WORD,
    "middle_name": cells.LONGEST_MIDDLE,
    "given_name": cells.LONGEST_WORD,
}
