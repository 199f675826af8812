"""Identifiers as screens show them until somebody asks, on record, for more."""

from __future__ import annotations

import re

HIDDEN = "•"
# Nine digits and more, however they are parted: a personal number or a telephone of somebody.
LONG_NUMBER = re.compile(r"\d(?:[ .-]*\d){8,}")


def mask_pin(pin: str | None) -> str:
    """Return 049203001234 as ``049•••••1234``: province and last digits; "" for nobody's."""
    return _keep(pin, first=3, last=4)


def mask_phone(phone: str | None) -> str:
    """Return +84501234567 or 0501234567 as ``050•••4567``, the way people write their number.

    A number of another country keeps its sign and two digits: ``+33•••••5678``.
    """
    if phone and phone.startswith("+84"):
        phone = "0" + phone.removeprefix("+84")
    return _keep(phone, first=3, last=4)


def mask_number(number: str | None) -> str:
    """Return the number of a paper with only its last four digits: ``••3456/DNA-GPHN``.

    What follows the digits names the kind and the office, alike on all papers, and hides nothing.
    """
    text = number or ""
    core = re.match(r"(.*\d)(/\D*)$", text)
    if core is None:
        return _keep(text, first=0, last=4)
    return _keep(core[1], first=0, last=4) + core[2]


def mask_email(email: str | None) -> str:
    """Return lan.tran@example.org as ``l•••@example.org``."""
    name, at, domain = (email or "").partition("@")
    return f"{name[:1]}{HIDDEN * 3}{at}{domain}" if at else HIDDEN * len(name)


def mask_name(full_name: str | None) -> str:
    """Return Trần Thị Lan as ``T. T. Lan``: initials, and the name that people are called by."""
    *before, given = (full_name or "").split() or [""]
    return " ".join([*(f"{part[0]}." for part in before), given])


def _keep(value: str | None, *, first: int, last: int) -> str:
    """Hide the middle; a value too short to hide anything is hidden whole."""
    if not value:
        return ""
    hidden = len(value) - first - last
    if hidden < 1:
        return HIDDEN * len(value)
    return value[:first] + HIDDEN * hidden + value[len(value) - last :]
