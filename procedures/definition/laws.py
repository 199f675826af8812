"""What kind of act a number names: the number itself says it in its last part. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBERED = re.compile(r"\d+(?:\.\d+)?/(?:\d{4}/)?(QH\d+|NĐ-|TT-|NQ-|QĐ-)")
_KINDS = {
    "QH": "Luật số",
    "NĐ-": "Nghị định",
    "TT-": "Thông tư",
    "NQ-": "Nghị quyết",
    "QĐ-": "Quyết định",
}


def law_name(number: str) -> str:
    """Return "Thông tư 12/2025/TT-BCA" of "12/2025/TT-BCA"; other words as they are."""
    found = _NUMBERED.match(number)
    return number if found is None else f"{_KINDS[found[1].rstrip('0123456789')]} {number}"


def laws_text(numbers: Iterable[str]) -> str:
    """Return the acts one after the other, each with its kind."""
    return ", ".join(map(law_name, numbers))
