"""The reference of a fee: what a transfer names, readable, and nothing about the person."""

from __future__ import annotations

import re
import secrets

PREFIX = "DVC"
# Without 0, 1, I and O, which people confuse.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_RANDOM = 10
# Looked for at every place: in "DVC DVC…" the first three letters begin no reference.
_SHAPE = re.compile(rf"(?=({PREFIX}[{_SIGNS}]{{{_RANDOM + 1}}}))")


def new_reference() -> str:
    """Return a reference of 14 letters and digits: 50 random bits, and a sign that checks them."""
    drawn = "".join(secrets.choice(_SIGNS) for _each in range(_RANDOM))
    return f"{PREFIX}{drawn}{_check(drawn)}"


def reference_in(content: str) -> str:
    """Return the reference that a transfer's content names, "" where none is whole.

    Banks put their own words around it and people type blanks or points inside it.
    """
    said = content.upper()
    for text in (said, re.sub(r"[^0-9A-Z]", "", said)):
        for found in _SHAPE.findall(text):
            drawn = found.removeprefix(PREFIX)
            if drawn[-1] == _check(drawn[:-1]):
                return str(found)
    return ""


def _check(drawn: str) -> str:
    """Return the sign that shows a mistyped or swapped one: odd weights lose no single change."""
    total = sum((2 * place + 1) * _SIGNS.index(sign) for place, sign in enumerate(drawn))
    return _SIGNS[total % len(_SIGNS)]
