"""Values of cases as text: how they are masked before they are stored."""

from __future__ import annotations

import re

from portal.common.masking import mask_number, mask_phone, mask_pin

_MASKS = {"pin": mask_pin, "phone": mask_phone}
# Numbers that name a person wherever they stand: PIN, telephone, old identity card.
_PIN = re.compile(r"(?<!\d)\d{12}(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+84|0)\d{9}(?!\d)")
_OLD_NUMBER = re.compile(r"(?<!\d)\d{9}(?!\d)")


def masked(column: str, value: str) -> str:
    """Return a value with the identifiers in it masked; what `column` names as one, whole."""
    if column.endswith("number"):
        return mask_number(value)
    if column in _MASKS:
        return _MASKS[column](value)
    value = _PIN.sub(lambda found: mask_pin(found[0]), value)
    value = _PHONE.sub(lambda found: mask_phone(found[0]), value)
    return _OLD_NUMBER.sub(lambda found: mask_number(found[0]), value)
