"""VietQR: a transfer as a QR that every bank's app in Viet Nam reads (EMVCo merchant-presented).

Data objects are two digits of name, two of length, then the value. The last one is the CRC-16/CCITT
of all before it, its own head included.
"""

from __future__ import annotations

import binascii
import re

import segno
from django.utils.safestring import SafeString

_NAPAS = "A000000727"
_TO_ACCOUNT = "QRIBFTTA"
_DONG = "704"
_AMOUNT_DIGITS = 13  # that tag 54 has room for


def transfer_text(*, bank: str, account: str, amount_vnd: int, content: str) -> str:
    """Return the text of a QR that transfers `amount_vnd` to an account, for this once.

    `bank` is the bank's BIN of six digits, `content` (62.08, the purpose) at most 25 unaccented
    letters, digits and blanks; ValueError for what no bank could read. Lengths are those of the
    EMV QR Code Specification for Payment Systems, merchant-presented mode.
    """
    if not re.fullmatch(r"[0-9]{6}", bank) or not re.fullmatch(r"[0-9A-Za-z]{1,19}", account):
        raise ValueError(f"Not a bank's BIN and account: {bank!r}, {account!r}")
    is_amount = 0 < amount_vnd < 10**_AMOUNT_DIGITS
    if not is_amount or not re.fullmatch(r"[0-9A-Za-z ]{1,25}", content):
        raise ValueError(f"Not an amount and a content: {amount_vnd!r}, {content!r}")
    beneficiary = _object("00", bank) + _object("01", account)
    text = (
        _object("00", "01")
        + _object("01", "12")
        + _object(
            "38", _object("00", _NAPAS) + _object("01", beneficiary) + _object("02", _TO_ACCOUNT)
        )
        + _object("53", _DONG)
        + _object("54", str(amount_vnd))
        + _object("58", "VN")
        + _object("62", _object("08", content))
        + "6304"
    )
    return text + crc16(text)


def crc16(text: str) -> str:
    """Return the CRC-16/CCITT (start FFFF) of an ASCII text as four hexadecimal digits."""
    return f"{binascii.crc_hqx(text.encode('ascii'), 0xFFFF):04X}"


def picture(text: str) -> SafeString:
    """Return the QR as inline SVG; it holds nothing but squares."""
    drawn = segno.make(text, error="m", micro=False)
    shape = drawn.svg_inline(border=4, omitsize=True, svgclass="qr__code", light="#fff")
    return SafeString(shape)


def _object(name: str, value: str) -> str:
    return f"{name}{len(value):02d}{value}"
