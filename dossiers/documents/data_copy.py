"""The copy of everything held about a person: theirs in clear, numbers of other people masked."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from citizens.models import Citizen
from dossiers.documents.held_facts import facts_held
from dossiers.documents.held_matters import matters_held
from portal.common.masking import mask_phone, mask_pin

FORMAT = "da-nang-portal/data-copy/1"
# A personal number, or a phone number as people or machines write it, not part of a longer word.
_PIN = re.compile(r"(?<!\w)\d{12}(?!\w)")
_PHONE = re.compile(r"(?<![\w+])(?:\+84|0)\d{9}(?!\w)")


def copy_of(citizen: Citizen) -> dict[str, Any]:
    """Return every section as JSON values, read now, with numbers of others masked."""
    sections: dict[str, Any] = {**facts_held(citizen), **matters_held(citizen)}
    own = {citizen.pin or "", *(row["address"] for row in sections["contacts"])}
    own |= {_at_home(number) for number in own}
    own |= {row["number"] for row in sections["papers"]}  # a driving licence has twelve digits too
    hidden: dict[str, Any] = mask_others(sections, own=own)
    return hidden


def mask_others(value: Any, *, own: Collection[str]) -> Any:
    """Return a JSON value in which all personal and phone numbers but `own` ones are masked."""
    if isinstance(value, dict):
        return {key: mask_others(part, own=own) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [mask_others(part, own=own) for part in value]
    if not isinstance(value, str):
        return value
    masked = _PIN.sub(lambda found: found[0] if found[0] in own else mask_pin(found[0]), value)
    return _PHONE.sub(lambda found: found[0] if found[0] in own else mask_phone(found[0]), masked)


def _at_home(number: str) -> str:
    return f"0{number[3:]}" if number.startswith("+84") else number
