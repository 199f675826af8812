"""The codes of messages as people type them, and the signed text in the QR of a paper. Pure.

The text is ``version~kind~code~agency~date~signature``, e.g. ``1~T~CDFG2345~H17.1~20261126~…``: an
Ed25519 signature over everything before it, in base64 for addresses. There is one spelling of each
notice, so that a change of any character shows. It holds no name and no number of a person.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_VERSION = "1"
_HEAD = b"portal notice "
_MARK = "~"
_FIELDS = re.compile(r"1~([TH])~([A-Z0-9.-]{8,40})~([A-Z0-9.]{0,30})~(20[0-9]{6})", re.ASCII)
_SIGNATURE_BYTES = 64
# Letters of a short code (rules/wording): nothing to misread, no vowels.
_TYPED = re.compile(r"[2-9CDFGHJKMNPQRTVWXYZ]{8}", re.ASCII)


class NoticeKind(StrEnum):
    """What carries the QR; one letter, as it stands in the text."""

    LETTER = "T"
    SLIP = "H"


class NoticeFormError(ValueError):
    """A text that is no notice of this form."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a signed paper says of itself; `agency` is the code of an office, "" for the portal."""

    kind: NoticeKind
    code: str
    agency: str
    day: date

    @property
    def payload(self) -> str:
        """The text without its signature; NoticeFormError where a value has no place in it."""
        parts = (_VERSION, self.kind.value, self.code, self.agency, f"{self.day:%Y%m%d}")
        text = _MARK.join(parts)
        if not _FIELDS.fullmatch(text):
            raise NoticeFormError("a value does not fit the form")
        return text

    @property
    def statement(self) -> bytes:
        """What is signed: nothing else that this key signs begins with the same bytes."""
        return _HEAD + self.payload.encode()


def spelled(notice: Notice, signature: bytes) -> str:
    """Return the text of a notice with its signature."""
    return f"{notice.payload}{_MARK}{_in_letters(signature)}"


def read_notice(text: str) -> tuple[Notice, bytes]:
    """Return a notice and its signature, which is not checked here; NoticeFormError otherwise.

    `text` is the text or an address that ends in it.
    """
    payload, _mark, letters = text.strip().rstrip("/").rpartition("/")[2].rpartition(_MARK)
    found = _FIELDS.fullmatch(payload)
    if not found:
        raise NoticeFormError("not a notice of this form")
    kind, code, agency, written = found.groups()
    return Notice(NoticeKind(kind), code, agency, _day(written)), _signature(letters)


def typed_code(text: str) -> str:
    """Return the code that somebody typed or pasted, "" where there is none.

    Case, spaces, dashes and words before it do not matter.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    found = _TYPED.search("".join(char for char in plain if char.isalnum()))
    return found[0] if found else ""


def _day(written: str) -> date:
    try:
        return date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError as error:
        raise NoticeFormError("there is no such day") from error


def _in_letters(signature: bytes) -> str:
    return base64.urlsafe_b64encode(signature).decode().rstrip("=")


def _signature(letters: str) -> bytes:
    """Return the bytes of a signature; its last letter has spare bits, which must be zero."""
    try:
        signature = base64.urlsafe_b64decode(letters + "==")
    except (binascii.Error, ValueError) as error:
        raise NoticeFormError("the signature cannot be read") from error
    if len(signature) != _SIGNATURE_BYTES or _in_letters(signature) != letters:
        raise NoticeFormError("the signature is not written as it must be")
    return signature
