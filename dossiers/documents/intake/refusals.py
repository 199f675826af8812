"""Why a file is not taken: closed codes, told in sentences by the service that asks."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NAME = "name"
    NAME_TOO_LONG = "name_too_long"
    ENDING = "ending"
    OTHER_ENDING = "other_ending"
    HEIC = "heic"
    OFFICE = "office"
    PICTURE_KIND = "picture_kind"
    KIND = "kind"
    MIXED = "mixed"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_COMPLEX = "too_complex"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    ATTACHMENT = "attachment"
    XFA = "xfa"
    SOUND_KIND = "sound_kind"
    SOUND_CODING = "sound_coding"
    SOUND_PICTURES = "sound_pictures"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"


OF_SOUND = frozenset(
    {
        Reason.SOUND_KIND,
        Reason.SOUND_CODING,
        Reason.SOUND_PICTURES,
        Reason.TOO_SHORT,
        Reason.TOO_LONG,
    }
)


class IntakeError(Exception):
    """A file that is not taken; `at` is the second up to which a damaged sound is whole."""

    def __init__(self, reason: Reason, *, at: int | None = None) -> None:
        """Keep the reason."""
        super().__init__(reason.value)
        self.reason = reason
        self.at = at
