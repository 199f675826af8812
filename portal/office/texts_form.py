"""What stands in the form of a draft of texts: as stored, or as a form brought it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from notifications.models import TextVersion
from notifications.rules.wordings import (
    Misplaced,
    Place,
    Wording,
    Wordings,
    folded,
    set_problems,
)
from notifications.selectors.text_versions import rules_of, wordings_of
from portal.office.rule_editor_tree import Posted
from portal.office.texts_shown import (
    Shown,
    borrowed,
    channel_name,
    field_name,
    full_label,
    places_of,
    read,
)

LONGEST_NOTE = 200
_LONGEST = 2000
_LONGEST_SUBJECT = 160


@dataclass(frozen=True)
class Mending:
    """Where on the page something is to be mended; `problem` says why in both languages."""

    anchor: str
    label: str
    problem: Any


@dataclass(frozen=True)
class Form:
    """The wordings of a draft as they stand in the form, and its note."""

    version: TextVersion
    places: Sequence[Place]
    wordings: Wordings
    note: str
    is_quiet: bool

    @classmethod
    def stored(cls, version: TextVersion, *, is_quiet: bool) -> Form:
        """Return what is stored."""
        wordings = wordings_of(version)
        places = places_of(version.topic.channels, wordings)
        return cls(version, places, wordings, version.note, is_quiet)

    @classmethod
    def posted(cls, version: TextVersion, posted: Posted, *, is_quiet: bool) -> Form:
        """Return what a form brought, spaces folded; an empty wording is none."""
        places = places_of(version.topic.channels, wordings_of(version))
        found: dict[Place, Wording] = {}
        for place in places:
            name = field_name(place)
            subject = folded(posted.get(f"{name}-subject", ""))[:_LONGEST_SUBJECT]
            body = folded(posted.get(f"{name}-body", ""))[:_LONGEST]
            if subject or body:
                found[place] = Wording(subject, body)
        note = folded(posted.get("note", ""))[:LONGEST_NOTE]
        return cls(version, places, found, note, is_quiet)

    @property
    def is_sensitive(self) -> bool:
        """Whether only the inbox may name the matter."""
        return self.is_quiet or self.version.topic.is_quiet

    def problems(self) -> list[Misplaced]:
        """Return all that is wrong."""
        return set_problems(self.wordings, rules_of(self.version.topic, is_quiet=self.is_quiet))

    def shown(self, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the wordings by channel, each with how it reads and what is wrong with it."""
        problems = self.problems()
        groups: dict[str, list[Shown]] = {}
        for place in self.places:
            wording = self.wordings.get(place, Wording("", ""))
            mine = [one for one in problems if one.place == place]
            reading = read(place, wording, values)
            shown = Shown(place, wording, reading, mine, borrowed(place, self.wordings))
            groups.setdefault(place.channel, []).append(shown)
        return [
            {"label": channel_name(key), "rows": rows, "is_folded": all(map(_says_nothing, rows))}
            for key, rows in groups.items()
        ]

    def mendings(self) -> list[Mending]:
        """Return links to all that is wrong."""
        return [
            Mending(f"{field_name(one.place)}-{one.field}", full_label(one.place), one.problem)
            for one in self.problems()
        ]


def _says_nothing(row: Shown) -> bool:
    return not (any(row.wording) or row.problems)
