"""The steps of a bundle while they are edited: incomplete, in fields of a form, moved by buttons.

The fields of the step number 2 (counted from 0) are ``s.2.procedure``, ``s.2.after``,
``s.2.optional`` and ``s.2.exempt``. Nothing here is checked: whoever reads the document says what
is wrong where.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import SuspiciousOperation

from portal.office.rule_editor_nodes import Choices, with_given
from portal.office.rule_editor_tree import Posted
from procedures.definition import Problem
from procedures.definition.bundle import MOST_STEPS

ROOT = "s"
_MOST = 2 * MOST_STEPS  # beyond what a definition accepts, so that it can say so


@dataclass
class StepRow:
    """One step as it stands in the form."""

    procedure: str
    after: str = ""
    is_optional: bool = False
    is_skipped: bool = False

    @classmethod
    def stored(cls, raw: Mapping[str, Any]) -> StepRow:
        """Return a step of a stored document."""
        is_skipped = bool(raw.get("skipped_when_exempt"))
        return cls(raw["procedure"], raw.get("after") or "", bool(raw.get("optional")), is_skipped)

    def document(self) -> dict[str, Any]:
        """Return the step as a bundle's document says it."""
        return {
            "procedure": self.procedure,
            "after": self.after or None,
            "optional": self.is_optional,
            "skipped_when_exempt": self.is_skipped,
        }


def steps_posted(posted: Posted) -> list[StepRow]:
    """Return the steps of a form; SuspiciousOperation for more than any form of ours sends."""
    rows: list[StepRow] = []
    while f"{ROOT}.{len(rows)}.procedure" in posted:
        if len(rows) == _MOST:
            raise SuspiciousOperation("more steps than a form holds")
        place = f"{ROOT}.{len(rows)}"
        rows.append(
            StepRow(
                posted.get(f"{place}.procedure", ""),
                posted.get(f"{place}.after", ""),
                posted.get(f"{place}.optional") == "1",
                posted.get(f"{place}.exempt") == "1",
            )
        )
    return rows


def pressed(rows: list[StepRow], action: str, place: str, new: str) -> str:
    """Do what a button says (``add:s``, ``up:s.1``, …); return the place to go on at."""
    if action == "add" and place == ROOT:
        rows.append(StepRow(new))
        return f"{ROOT}.{len(rows) - 1}"
    number = place.removeprefix(f"{ROOT}.")
    if not number.isdecimal() or len(number) > 3 or int(number) >= len(rows):
        return ""
    at = int(number)
    if action == "remove":
        rows.pop(at)
        return ""
    to = at + {"up": -1, "down": 1}.get(action, 0)
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
        return f"{ROOT}.{to}"
    return place


@dataclass(frozen=True)
class StepShown:
    """One step with its fields, buttons and what is wrong with each field."""

    place: str
    number: int
    row: StepRow
    procedures: Choices
    earlier: Choices
    problems: tuple[Problem, ...]
    is_last: bool

    @property
    def html_id(self) -> str:
        """The id of the step on the page."""
        return self.place.replace(".", "-")

    @property
    def is_first(self) -> bool:
        """Whether it is the first step."""
        return self.number == 1

    def _at(self, *keys: str) -> list[Problem]:
        paths = [f"steps[{self.number - 1}].{key}" for key in keys]
        return [one for one in self.problems if one.path in paths]

    @property
    def of_procedure(self) -> list[Problem]:
        """What is wrong with the procedure, or with the step as a whole."""
        mine = [*self._at("after"), *self._at("skipped_when_exempt")]
        return [one for one in self.problems if one not in mine]

    @property
    def of_after(self) -> list[Problem]:
        """What is wrong with what the step waits for."""
        return self._at("after")

    @property
    def of_exempt(self) -> list[Problem]:
        """What is wrong with leaving the step out."""
        return self._at("skipped_when_exempt")


def shown_steps(
    rows: Sequence[StepRow], names: Mapping[str, str], problems: Sequence[Problem]
) -> list[StepShown]:
    """Return the steps for the page; `names` are those of the procedures that may be chosen."""
    return [
        StepShown(
            place=f"{ROOT}.{at}",
            number=at + 1,
            row=row,
            procedures=with_given(list(names.items()), [row.procedure]),
            earlier=[(code, names.get(code, code)) for code in _earlier(rows[:at], row.after)],
            problems=tuple(one for one in problems if _is_of(one, at)),
            is_last=at == len(rows) - 1,
        )
        for at, row in enumerate(rows)
    ]


def _earlier(rows: Sequence[StepRow], after: str) -> list[str]:
    """Return the steps that may be waited for, with the one that is waited for now."""
    return list(dict.fromkeys([*(one.procedure for one in rows), *([after] if after else [])]))


def _is_of(problem: Problem, at: int) -> bool:
    return problem.path == f"steps[{at}]" or problem.path.startswith(f"steps[{at}].")
