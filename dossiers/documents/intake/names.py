"""The name that a sender gave: only ever shown, and refused where it pretends to be another."""

from __future__ import annotations

import unicodedata

from dossiers.documents.intake.refusals import IntakeError, Reason

LONGEST_GIVEN = 200
LONGEST_KEPT = 120
FAMILIES = {
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif", "png"),
    "image/png": ("png", "jpg", "jpeg"),  # chats keep photos under the other's ending
    "application/pdf": ("pdf",),
    "audio/mpeg": ("mp3",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/mp4": ("m4a", "mp4"),
}
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/mp4": "m4a",
}
# Endings that some system starts, or a browser shows as a page, when a later one is cut off.
_STARTED = """
app asp aspx bat bin cgi chm cmd com cpl dll dmg exe gadget hta htm html img ins iso jar js jse jsp
lnk mht mhtml msc msi msp ocx phar php php3 php5 phtml pif pl ps1 py rb reg scf scr sh shtml svg
svgz swf url vbe vbs ws wsf wsh xht xhtml xml xsl
"""
# Reserved by Windows whatever follows: a download under such a name cannot be stored.
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(1, 10))]
)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_FORBIDDEN = frozenset('/\\:*?"<>|')


def kept_name(given: str, media_type: str) -> str:
    """Return the name to show for a file of this content, with the ending of its content.

    IntakeError where the name hides what it is: path parts, control and direction characters, an
    ending of another kind, or one that some system would start. "" gives a plain name.
    """
    name = unicodedata.normalize("NFC", given).strip()
    if len(name) > LONGEST_GIVEN:
        raise IntakeError(Reason.NAME_TOO_LONG)
    if any(_hides(letter) for letter in name) or ".." in name:
        raise IntakeError(Reason.NAME)
    stem, *endings = name.split(".") if "." in name else [name]
    lowered = [ending.strip().lower() for ending in endings]
    if set(_STARTED.split()).intersection(lowered):
        raise IntakeError(Reason.ENDING)
    if lowered and lowered[-1] not in FAMILIES[media_type]:
        _refuse_ending(lowered[-1])
    elif lowered:
        stem = ".".join([stem, *endings[:-1]])
    return _shown(stem, media_type)


def _refuse_ending(ending: str) -> None:
    """Refuse an ending of another kind; a dot inside a name ("Giay.khai sinh") is no ending."""
    if any(ending in family for family in FAMILIES.values()):
        raise IntakeError(Reason.OTHER_ENDING)
    if ending.isalnum() and len(ending) <= 5:
        raise IntakeError(Reason.ENDING)


def _hides(letter: str) -> bool:
    """Whether a character is a control, turns the direction of text, or parts a path."""
    return letter in _FORBIDDEN or unicodedata.category(letter) in {
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Zl",
        "Zp",
    }


def _shown(stem: str, media_type: str) -> str:
    ending = ENDINGS[media_type]
    stem = " ".join(stem.split()).strip(". ") or "giay-to"
    if stem.lower() in _RESERVED:
        stem = f"tep-{stem}"
    return f"{stem[: LONGEST_KEPT - len(ending) - 1].rstrip('. ')}.{ending}"
