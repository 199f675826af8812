"""What is typed or scanned at a counter: a personal number, or the text of a card's QR code."""

from __future__ import annotations

import re

# Fields of the QR code stand between bars, the personal number first; a scanner may type the bar
# of another keyboard's layout.
_BAR = re.compile(r"[|¦‖~]")
_LONGEST = 500


def number_on(text: str) -> str | None:
    """Return the personal number (12 digits) that the text begins with, None where it has none.

    Blanks, points and dashes that people write between the digits do not matter. Nothing else of
    the card is read: it is known from the register, and what a card says may be old.
    """
    if len(text) > _LONGEST:
        return None
    digits = re.sub(r"[\s.\-]", "", _BAR.split(text, maxsplit=1)[0])
    return digits if re.fullmatch(r"[0-9]{12}", digits) else None
