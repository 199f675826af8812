"""Find a person's identifiers in bytes that should not hold them, also where they are disguised."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator

_HEAD = 4


def disguises(value: str) -> set[bytes]:
    """Return a text as it stands, in hexadecimal (either case), and in base64 at any offset."""
    raw = value.encode()
    shapes = {raw, raw.hex().encode(), raw.hex().upper().encode()}
    for before in range(3):
        # What the neighbours decide is cut off: the first characters, and the last.
        encoded = base64.b64encode(b"\0" * before + raw).rstrip(b"=")
        start, end = (0, 2, 3)[before], len(encoded) - bool((before + len(raw)) % 3)
        shapes |= {encoded[start:end], encoded[start:end].translate(bytes.maketrans(b"+/", b"-_"))}
    return shapes


def phone_forms(phone: str) -> set[str]:
    """Return a number in E.164, with the 84 alone, as people write it, and grouped with blanks."""
    tail = phone.removeprefix("+84")
    grouped = f"0{tail[:3]} {tail[3:6]} {tail[6:]}"
    return {phone, f"84{tail}", f"0{tail}", grouped, grouped.replace(" ", ".")}


def found_in(text: bytes, needles: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the needles (of four bytes at least) that stand in `text`, in one pass over it."""
    by_head: dict[bytes, set[bytes]] = {}
    for needle in needles:
        by_head.setdefault(needle[:_HEAD], set()).add(needle)
    if not by_head:
        return
    heads = re.compile(b"(?=(" + b"|".join(map(re.escape, sorted(by_head))) + b"))")
    lengths = {head: {len(needle) for needle in group} for head, group in by_head.items()}
    for match in heads.finditer(text):
        head, at = match[1], match.start()
        for length in lengths[head]:
            if text[at : at + length] in by_head[head]:
                yield text[at : at + length]
