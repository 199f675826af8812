"""What stands in the editor of a bundle's draft: as it is stored, or as a form brought it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from citizens.models import User
from portal.office.bundle_changes import KnownProcedures, changes_between, sentences_of
from portal.office.bundle_fields import (
    FIELDS,
    FILED,
    LABELS,
    NAMED,
    SHARED,
    STANDING,
    laid_over,
)
from portal.office.bundle_steps import StepRow, StepShown, pressed, shown_steps, steps_posted
from portal.office.rule_changes import Change
from portal.office.rule_editor_fields import Field, values_of, values_posted
from portal.office.rule_editor_nodes import Choice, with_given
from portal.office.rule_editor_page import last_day_in, refusals
from portal.office.rule_editor_tree import Posted
from procedures.definition import Problem
from procedures.definition.bundle import BundleDefinition
from procedures.models import BundleVersion
from procedures.services.edit_bundle_draft import checked_bundle, edit_bundle_draft

_PARTS = (("named", NAMED), ("filed", FILED), ("shared", SHARED), ("standing", STANDING))


@dataclass
class BundleEditing:
    """The draft as it stands in the form; `focus` is the place to go on at."""

    version: BundleVersion
    fields: list[Field]
    steps: list[StepRow]
    focus: str = ""

    # ----------------------------------------------------------------- made
    @classmethod
    def stored(cls, version: BundleVersion) -> BundleEditing:
        """Return what is stored."""
        raw = BundleDefinition.from_json(version.definition).to_json()
        end: date | None = version.valid.upper
        raw["last_day"] = (end - timedelta(days=1)).isoformat() if end else None
        fields = [one.filled(values_of(raw, one), ()) for one in FIELDS]
        return cls(version, fields, [StepRow.stored(step) for step in raw["steps"]])

    @classmethod
    def posted(cls, version: BundleVersion, posted: Posted) -> BundleEditing:
        """Return what a form brought; SuspiciousOperation for what no form of ours sends."""
        fields = [one.filled(values_posted(posted, one), ()) for one in FIELDS]
        return cls(version, fields, steps_posted(posted))

    # -------------------------------------------------------------- changed
    def press(self, press: str, posted: Posted) -> None:
        """Do what a button says: ``add:s``, ``up:s.1``, ``more:unverified``."""
        action, _colon, place = press.partition(":")
        if action in ("more", "drop"):
            name, _colon, at = place.partition(":")
            self.fields = [_with_rows(one, at) if one.name == name else one for one in self.fields]
            self.focus = name
        else:
            self.focus = pressed(self.steps, action, place, posted.get("s.new", ""))

    # ----------------------------------------------------------------- said
    def document(self) -> dict[str, Any]:
        """Return the document that the form makes, right or not."""
        made = laid_over(self.version.definition, self.fields)
        return made | {"steps": [step.document() for step in self.steps]}

    def checked(self, known: KnownProcedures) -> tuple[BundleDefinition | None, list[Problem]]:
        """Return the bundle that the form makes, or all that is wrong with it."""
        return refusals(
            lambda: checked_bundle(
                self.document(), bundle=self.version.bundle, procedures=known.procedures
            ),
            self.fields,
        )

    def save(self, known: KnownProcedures, *, by: User, seen: str) -> None:
        """Store it; the errors are those of `edit_bundle_draft`."""
        edit_bundle_draft(
            version=self.version,
            by=by,
            seen=seen,
            document=self.document(),
            procedures=known.procedures,
            last_day=last_day_in(self.fields),
        )

    # ---------------------------------------------------------------- shown
    def context(self, known: KnownProcedures, problems: Sequence[Problem]) -> dict[str, Any]:
        """Return what the form shows; problems stand beside the fields at fault."""
        shown = {one.name: self._shown(one, known, problems) for one in self.fields}
        found: dict[str, Any] = {
            name: [shown[one.name] for one in fields] for name, fields in _PARTS
        }
        choices = known.choices
        steps = shown_steps(self.steps, choices, problems)
        return found | {
            "places": list(_places(shown.values(), steps, problems)),
            "steps": steps,
            "steps_problems": [one for one in problems if one.path == "steps"],
            "may_be_added": list(choices.items()),
            "focus": self.focus,
            "problems": problems,
            "elsewhere": [one for one in problems if self._is_elsewhere(one)],
        }

    def _is_elsewhere(self, problem: Problem) -> bool:
        is_of_steps = problem.path.startswith("steps")
        return not is_of_steps and not any(one.is_at(problem.path) for one in self.fields)

    def _shown(self, one: Field, known: KnownProcedures, problems: Sequence[Problem]) -> Field:
        filled = one.filled(one.values, problems)
        if one.name == "linked_procedure":
            alone: list[Choice] = [("", _("Each step by itself"))]
            return replace(filled, choices=with_given([*alone, *known.choices.items()], one.values))
        if one.name == "shared_fields":
            asked = known.asked_by([step.procedure for step in self.steps])
            return replace(filled, choices=with_given(list(asked.items()), one.values))
        return filled

    def preview(self, known: KnownProcedures, before: BundleVersion | None) -> dict[str, Any]:
        """Return the bundle in sentences and what it changes, or how much is to be mended."""
        bundle, problems = self.checked(known)
        changes: list[Change] = []
        if bundle is not None and before is not None:
            old = BundleDefinition.from_json(before.definition)
            changes = list(changes_between(old, bundle, known))
        return {
            "sentences": sentences_of(bundle, known) if bundle else [],
            "changes": changes,
            "before": before,
            "open_count": len(problems),
        }

    def against(self, theirs: BundleVersion, known: KnownProcedures) -> Iterable[Change]:
        """Return what somebody else filled in differently meanwhile: theirs, mine."""
        mine = self.checked(known)[0]
        old = BundleDefinition.from_json(theirs.definition)
        return changes_between(old, mine, known) if mine else ()


def _places(
    fields: Iterable[Field], steps: Iterable[StepShown], problems: Sequence[Problem]
) -> Iterator[dict[str, Any]]:
    """Yield what is to be mended, each with its anchor and its name on the page."""
    for problem in problems:
        if problem.path == "steps":
            yield {"anchor": "f-steps", "label": LABELS["steps"], "problem": problem}
    for step in steps:
        name = _("Step %(number)s") % {"number": step.number}
        yield from (
            {"anchor": step.html_id, "label": name, "problem": one} for one in step.problems
        )
    for field in fields:
        yield from (
            {"anchor": field.html_id, "label": field.label, "problem": one}
            for one in field.problems
        )


def _with_rows(one: Field, drop: str) -> Field:
    """Return a list with one row more, or without the row numbered `drop`."""
    if not one.is_list:
        return one
    rows = list(one.rows)
    kept = [row for at, row in enumerate(rows) if str(at) != drop] if drop else [*rows, ""]
    return one.filled(kept, ())
