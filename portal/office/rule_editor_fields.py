"""The fields of a rule's draft by its kind: what stands in them, and the document they make."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from portal.office.rule_editor_tree import Posted, number_or_text
from portal.office.rule_words import HELPS, LABELS
from procedures.definition import Problem
from procedures.enums import TriggerKind

K = TriggerKind
_DAY_MONTH = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})")


class Input(StrEnum):
    """How a field is filled in."""

    NUMBER = "number"
    NUMBERS = "numbers"
    LINE = "line"
    LINES = "lines"
    AREA = "area"
    CHOICE = "choice"
    CHOICES = "choices"
    PERIOD = "period"
    DAY = "day"
    FLAG = "flag"


LISTS = frozenset({Input.NUMBERS, Input.LINES})


@dataclass(frozen=True)
class Field:
    """One field: `name` is its key in the document, `kinds` the rules that have it.

    `values` are what stands in it, `problems` what is wrong with it.
    """

    name: str
    input: Input
    kinds: frozenset[TriggerKind] = frozenset(K)
    is_wide: bool = False
    choices: Sequence[tuple[str, Any]] = ()
    values: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    also_at: tuple[str, ...] = field(default=())

    @property
    def html_id(self) -> str:
        """The id of the field on the page."""
        return f"f-{self.name.replace('.', '-')}"

    @property
    def label(self) -> Any:
        """Its name in the language of the page."""
        return LABELS[self.name]

    @property
    def help(self) -> Any:
        """What to know when filling it in; empty where the name says it all."""
        return HELPS.get(self.name, "")

    @property
    def value(self) -> str:
        """What stands in a field of one value."""
        return self.values[0] if self.values else ""

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows of a list, at least one."""
        return self.values or ("",)

    @property
    def is_list(self) -> bool:
        """Whether it has rows that are added and taken away."""
        return self.input in LISTS

    def is_at(self, path: str) -> bool:
        """Return whether a problem at a path of the document belongs to this field."""
        return any(
            path == name or path.startswith((f"{name}[", f"{name}."))
            for name in (self.name, *self.also_at)
        )

    def filled(self, values: Sequence[str], problems: Sequence[Problem]) -> Field:
        """Return the field with what stands in it and what is wrong with it."""
        mine = tuple(one for one in problems if self.is_at(one.path))
        return replace(self, values=tuple(values), problems=mine)


_DATED = frozenset({K.CREDENTIAL_EXPIRY, K.AGE_MILESTONE, K.CALENDAR})
_SCANNED = _DATED | {K.LIFE_EVENT}
_EVENT = frozenset({K.LIFE_EVENT})

TRIGGER = (
    Field("credential_kind", Input.CHOICE, frozenset({K.CREDENTIAL_EXPIRY, K.CALENDAR})),
    Field("period", Input.PERIOD, frozenset({K.CALENDAR})),
    Field("ages", Input.NUMBERS, frozenset({K.AGE_MILESTONE, K.CALENDAR})),
    Field("events", Input.CHOICES, _EVENT, is_wide=True),
    Field("deadline_days", Input.NUMBER, _EVENT),
    Field("after_days", Input.NUMBERS, _EVENT, also_at=("lead_days", "open_days_before")),
    Field("identity_kind", Input.CHOICE, frozenset({K.AGE_MILESTONE})),
    Field("skip_if_issued_within_years", Input.NUMBER, frozenset({K.AGE_MILESTONE})),
    Field("lead_days", Input.NUMBERS, _DATED),
    Field("open_days_before", Input.NUMBER, _DATED),
    Field("grace_days", Input.NUMBER, _SCANNED),
    Field("window.shape", Input.CHOICE, _DATED, is_wide=True),
    Field("window.days", Input.NUMBER, _DATED),
)
AUDIENCE = (
    Field("subject", Input.CHOICE),
    Field("address", Input.CHOICE, is_wide=True),
    Field("units", Input.CHOICES, _SCANNED, is_wide=True),
)
LIKELY = Field("suggests_likely", Input.FLAG, _SCANNED)
WORDING = (
    Field("paper_vi", Input.LINE),
    Field("paper_en", Input.LINE),
    Field("reason_vi", Input.AREA),
    Field("reason_en", Input.AREA),
    Field("consequence_vi", Input.AREA),
    Field("consequence_en", Input.AREA),
    Field("topic", Input.CHOICE, _SCANNED, is_wide=True),
)
STANDING = (
    Field("legal_basis", Input.LINES, is_wide=True),
    Field("owner", Input.CHOICE),
    Field("last_day", Input.DAY),
)
FIELDS = (*TRIGGER, *AUDIENCE, LIKELY, *WORDING, *STANDING)


def fields_of(kind: str) -> list[Field]:
    """Return the fields that a rule of a kind has, in the order of the page."""
    return [one for one in FIELDS if kind in one.kinds]


# ------------------------------------------------------------------- document → fields
def values_of(document: Mapping[str, Any], one: Field) -> list[str]:
    """Return what stands in a field for a stored document."""
    found: Any = document
    for step in one.name.split("."):
        found = (found or {}).get(step)
    if found is None or found is False or found == "":
        return []
    if one.input is Input.PERIOD:
        return [_day_month(part) for part in str(found).split("/")]
    if one.input is Input.FLAG:
        return ["1"]
    return [str(item) for item in found] if isinstance(found, list) else [str(found)]


def _day_month(part: str) -> str:
    """Return ``MM-DD`` as people write it: ``DD/MM``."""
    month, _, day = part.partition("-")
    return f"{day}/{month}"


# ------------------------------------------------------------------- fields → document
def values_posted(posted: Posted, one: Field) -> list[str]:
    """Return what a form brought for a field, line ends as everywhere."""
    return [text.replace("\r\n", "\n") for text in posted.getlist(one.name)]


def laid_over(base: Mapping[str, Any], fields: Sequence[Field]) -> dict[str, Any]:
    """Return the document `base` with what stands in the fields; texts that are no number stay."""
    document = {**base, "window": dict(base.get("window") or {})}
    for one in fields:
        if one.name == "last_day":
            continue
        value = _value(one)
        if one.name.startswith("window."):
            document["window"][one.name.removeprefix("window.")] = value
        else:
            document[one.name] = value
    return _with_follow_ups(document)


def _value(one: Field) -> Any:
    texts = [text.strip() for text in one.values if text.strip()]
    match one.input:
        case Input.NUMBER:
            return number_or_text(texts[0]) if texts else None
        case Input.NUMBERS:
            return _numbers(texts, down=one.name == "lead_days")
        case Input.LINES | Input.CHOICES:
            return texts
        case Input.FLAG:
            return bool(texts)
        case Input.PERIOD:
            return "/".join(map(_month_day, one.values)) if texts else None
        case _:
            return texts[0] if texts else None


def _numbers(texts: Sequence[str], *, down: bool) -> list[int | str]:
    """Return numbers in order, each once; as they were typed where one of them is none."""
    found = [number_or_text(text) for text in texts]
    if any(isinstance(one, str) for one in found):
        return found
    ordered: list[int | str] = [*sorted({int(one) for one in found}, reverse=down)]
    return ordered


def _month_day(text: str) -> str:
    """Return ``DD/MM`` as ``MM-DD``; anything else as it is."""
    found = _DAY_MONTH.fullmatch(text.strip())
    return f"{int(found[2]):02}-{int(found[1]):02}" if found else text


def _with_follow_ups(document: dict[str, Any]) -> dict[str, Any]:
    """Return a rule of events with its stages counted back: officials count from the event."""
    deadline, after = document.get("deadline_days"), document.get("after_days") or []
    if document.get("kind") != K.LIFE_EVENT or not isinstance(deadline, int):
        return document
    if any(isinstance(one, str) for one in after):
        return document
    stages = sorted({deadline - one for one in after}, reverse=True) or [deadline]
    return document | {"lead_days": stages, "open_days_before": deadline}
