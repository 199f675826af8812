"""The catalogue by what happens in life and by field, and what a search found in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.web.presenters.language import either
from portal.web.presenters.terms import fee_told, time_told
from procedures.definition import ProcedureDefinition
from procedures.definition.spoken import folded
from procedures.models import ProcedureVersion
from procedures.rules import channel_from_home
from procedures.selectors import Entry, Index

# In the order of a life. What is no bundle has its words here; a death has no picture.
_OCCASIONS: dict[str, tuple[str, Any]] = {
    "birth": ("child", ""),
    "yearly": ("book", _("School and yearly reviews")),
    "age": ("person", _("A birthday that counts")),
    "marriage": ("rings", _("Marriage")),
    "moving": ("place", _("Moving house")),
    "house_build": ("house", ""),
    "start_household_business": ("shop", ""),
    "expiry": ("clock", _("A paper runs out")),
    "lost": ("lost", _("A paper is lost or damaged")),
    "death": ("", ""),
    "own": ("paper", _("Copies, companies and other wishes")),
}
_EXAMPLES = 2


@dataclass(frozen=True)
class Tile:
    """One thing that happens in life: its picture ("" for none), and how much is to be done."""

    key: str
    name: str
    icon: str
    count: int
    examples: str
    url: str


@dataclass(frozen=True)
class FieldLink:
    """One field of administration and how many procedures it has."""

    name: str
    slug: str
    count: int
    url: str


@dataclass(frozen=True)
class Line:
    """One procedure on a list."""

    name: str
    code: str
    told: str
    url: str


def tiles_of(index: Index) -> list[Tile]:
    """Return what happens in life, in the order of a life; what leads to nothing is left out."""
    by_key: dict[str, list[Entry]] = {}
    for entry in index.entries:
        for key in entry.occasions:
            by_key.setdefault(key, []).append(entry)
    known = [key for key in _OCCASIONS if key in by_key]
    others = [key for key in by_key if key not in _OCCASIONS]
    return [_tile(key, by_key[key], index) for key in (*known, *others)]


def _tile(key: str, entries: Sequence[Entry], index: Index) -> Tile:
    icon, words = _OCCASIONS.get(key, ("paper", ""))
    bundle = index.bundles.get(key)
    name = either(bundle.name_vi, bundle.name_en) if bundle else str(words)
    shortest = sorted((_bare(either(one.name_vi, one.name_en)) for one in entries), key=len)
    examples = ", ".join(shortest[:_EXAMPLES]) + (" …" if len(entries) > _EXAMPLES else "")
    url = f"{reverse('web:procedures')}?event={key}"
    return Tile(key, name, icon, len(entries), examples, url)


def _bare(name: str) -> str:
    """Return a name without "Thủ tục", which all of them are."""
    bare = name.removeprefix("Thủ tục ")
    return bare[:1].upper() + bare[1:]


def fields_of(index: Index) -> list[FieldLink]:
    """Return the fields of administration in the order of the alphabet."""
    counts = Counter(entry.field for entry in index.entries)
    base = reverse("web:procedures")
    return [
        FieldLink(name, slug_of(name), counts[name], f"{base}?field={slug_of(name)}")
        for name in sorted(counts, key=folded)
    ]


def slug_of(field: str) -> str:
    """Return a field as it stands in an address: "ho-tich"."""
    return re.sub(r"[^a-z0-9]+", "-", folded(field)).strip("-")


def lines_of(versions: Iterable[ProcedureVersion], day: date) -> list[Line]:
    """Return procedures as a list tells them: name, code, time and fee."""
    return [_line(ProcedureDefinition.from_json(one.definition), day) for one in versions]


def _line(definition: ProcedureDefinition, day: date) -> Line:
    channel = channel_from_home(definition.channels)
    return Line(
        name=either(definition.name_vi, definition.name_en),
        code=definition.code,
        told=f"{time_told(definition)} · {fee_told(definition, channel, day)}",
        url=reverse("web:procedure", args=[definition.key]),
    )
