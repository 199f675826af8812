"""How long a delivered value may be: as long as the field that keeps it.

A longer one is named when its row is read; the database would refuse it with all its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import Model

from citizens.models import Citizen, Credential, Household, HouseholdMember, Organisation
from citizens.registers.cells import LONGEST
from citizens.registers.formats import Column, Target

_Fields = Mapping[str, tuple[type[Model], str]]
# Where a staged column of words ends; what is not here goes to a document or is only looked up.
_FIELDS: Mapping[Target, _Fields] = MappingProxyType(
    {
        Target.PERSON: {
            "full_name": (Citizen, "full_name"),
            "current_address": (Citizen, "current_address"),
            "permanent_address": (Citizen, "permanent_address"),
            "household_number": (Household, "book_number"),
            "relation_to_head": (HouseholdMember, "relation_to_head"),
        },
        Target.PAPER: {"category": (Credential, "category"), "issuer": (Credential, "issuer")},
        Target.RECORD: {},
        Target.ORGANISATION: {
            "tax_code": (Organisation, "tax_code"),
            "name": (Organisation, "name"),
            "address": (Organisation, "address"),
        },
    }
)


def most_of(column: Column, target: Target) -> int:
    """Return how many characters a declared column of a table of `target` may have."""
    ends = (_FIELDS[target].get(to) for to in column.to.split("+"))
    fields = [model._meta.get_field(name) for model, name in filter(None, ends)]
    return min((getattr(field, "max_length", None) or LONGEST for field in fields), default=LONGEST)
