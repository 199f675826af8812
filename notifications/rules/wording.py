"""How a text is filled: `((name))` from a closed list, by replacement; nothing is ever evaluated.

A part in square brackets is left out when one of its placeholders has nothing to say, so that one
wording serves with and without a last filing day: ``còn hạn đến ((due_on))[, nộp trước
((last_filing_on))]``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from uuid import UUID

CHECK_CODE = "check_code"  # every text may use it besides its topic's own parameters
_PLACEHOLDER = re.compile(r"\(\(([a-z][a-z0-9_]*)\)\)")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
# Numbers below these say nothing: "1 paper in all", "0 days left".
_SILENT_BELOW = {"count": 2, "days": 1}
CODE_LETTERS = "23456789CDFGHJKMNPQRTVWXYZ"  # nothing to misread, no vowels to spell words with
_CODE_LENGTH = 8


class WordingError(ValueError):
    """A text that cannot be filled: a placeholder without value, or one that nobody lists."""


def placeholder(name: str) -> str:
    """Return a name as it stands in a text."""
    return f"(({name}))"


def fill(text: str, values: Mapping[str, object], *, language: str) -> str:
    """Return the text with placeholders replaced once; WordingError where a value is missing."""
    kept = _OPTIONAL.sub(lambda part: part[1] if _has_all(part[1], values) else "", text)
    return _PLACEHOLDER.sub(lambda found: _shown(found[1], values, language), kept)


def shown_values(values: Mapping[str, object], *, language: str) -> dict[str, str]:
    """Return the values as a text would show them; those that have nothing to say are left out."""
    shown = {}
    for name in values:
        with suppress(WordingError):
            shown[name] = _shown(name, values, language)
    return shown


def short_code(public_id: UUID) -> str:
    """Return the code (8 characters of 26, 2·10¹¹ in all) of the message with this random id."""
    number = int.from_bytes(hashlib.sha256(public_id.bytes).digest())
    letters = []
    for _place in range(_CODE_LENGTH):
        number, index = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[index])
    return "".join(letters)


def grouped(code: str) -> str:
    """Return a short code as people read it aloud: four and four."""
    return f"{code[:4]}-{code[4:]}"


def _has_all(part: str, values: Mapping[str, object]) -> bool:
    return not any(_is_silent(name, values.get(name)) for name in _PLACEHOLDER.findall(part))


def _is_silent(name: str, value: object) -> bool:
    if isinstance(value, int):
        return value < _SILENT_BELOW.get(name, 0)
    return value in (None, "")


def _shown(name: str, values: Mapping[str, object], language: str) -> str:
    value = values.get(name)
    if isinstance(value, Mapping):
        value = value.get(language) or value.get("vi")
    if value in (None, ""):
        raise WordingError(placeholder(name))
    if name.endswith("_on"):
        return _civil(str(value))
    return _CONTROL.sub(" ", str(value)).strip()


def _civil(value: str) -> str:
    """Return an ISO date as it is written in Viet Nam, dd/mm/yyyy."""
    try:
        return f"{date.fromisoformat(value[:10]):%d/%m/%Y}"
    except ValueError as error:
        raise WordingError("a date is not written as YYYY-MM-DD") from error
