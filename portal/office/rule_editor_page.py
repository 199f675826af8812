"""What stands in the editor of a rule's draft: from the stored version, or as a form brought it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from citizens.models import User
from portal.common import clock
from portal.office.rule_changes import Change, changes_between, names_for, sentences_of
from portal.office.rule_editor_fields import (
    AUDIENCE,
    LIKELY,
    STANDING,
    TRIGGER,
    WORDING,
    Field,
    Input,
    fields_of,
    laid_over,
    values_of,
    values_posted,
)
from portal.office.rule_editor_nodes import (
    GROUP_WORDS,
    NodeShown,
    Place,
    at_no_node,
    places_in,
    predicate_choices,
    shown_tree,
    with_given,
)
from portal.office.rule_editor_tree import (
    ROOT,
    Branch,
    Posted,
    document_of,
    pressed,
    tree_of,
    tree_posted,
)
from portal.office.rule_words import LABELS
from procedures.definition import DefinitionError, Problem, RuleDefinition
from procedures.models import RuleVersion
from procedures.selectors.known_codes import KnownCodes
from procedures.services.edit_rule_draft import checked_rule, edit_rule_draft

Made = TypeVar("Made")

_SECTIONS = (("trigger", TRIGGER), ("audience", AUDIENCE), ("wording", WORDING))


@dataclass
class Editing:
    """The draft as it stands in the form; `focus` is the place of the tree to go on at."""

    version: RuleVersion
    fields: list[Field]
    root: Branch
    focus: str = ""

    # ----------------------------------------------------------------- made
    @classmethod
    def stored(cls, version: RuleVersion) -> Editing:
        """Return what is stored."""
        raw = RuleDefinition.from_json(version.definition).to_json()
        end: date | None = version.valid.upper
        raw["last_day"] = (end - timedelta(days=1)).isoformat() if end else None
        fields = [one.filled(values_of(raw, one), ()) for one in fields_of(version.rule.kind)]
        return cls(version, fields, tree_of(raw["conditions"]))

    @classmethod
    def posted(cls, version: RuleVersion, posted: Posted) -> Editing:
        """Return what a form brought; SuspiciousOperation for what no form of ours sends."""
        fields = [
            one.filled(values_posted(posted, one), ()) for one in fields_of(version.rule.kind)
        ]
        return cls(version, fields, tree_posted(posted))

    # -------------------------------------------------------------- changed
    def press(self, press: str, posted: Posted) -> None:
        """Do what a button says: ``more:lead_days``, ``drop:ages:1``, ``add:c.0``, ``up:c.1``."""
        action, _, place = press.partition(":")
        if action == "more":
            self._set_rows(place, lambda rows: [*rows, ""])
            self.focus = place
        elif action == "drop":
            name, _, at = place.partition(":")
            self._set_rows(name, lambda rows: [row for i, row in enumerate(rows) if str(i) != at])
        elif place.startswith(ROOT):
            kind = posted.get(f"{place}.new", "")
            self.focus = pressed(self.root, action, place, kind)

    def _set_rows(self, name: str, change: Any) -> None:
        self.fields = [
            one.filled(change(list(one.rows)), ()) if one.name == name and one.is_list else one
            for one in self.fields
        ]

    # ----------------------------------------------------------------- said
    def document(self) -> dict[str, Any]:
        """Return the document that the form makes, right or not."""
        made = laid_over(self.version.definition, self.fields)
        return made | {"conditions": document_of(self.root)}

    def checked(self, known: KnownCodes) -> tuple[RuleDefinition | None, list[Problem]]:
        """Return the rule that the form makes, or all that is wrong with it."""
        kind = self.version.rule.kind
        return refusals(lambda: checked_rule(self.document(), kind=kind, known=known), self.fields)

    def save(self, known: KnownCodes, *, by: User, seen: str) -> None:
        """Store it; the errors are those of `edit_rule_draft`."""
        edit_rule_draft(
            version=self.version,
            by=by,
            seen=seen,
            document=self.document(),
            known=known,
            last_day=last_day_in(self.fields),
        )

    # ---------------------------------------------------------------- shown
    def context(self, known: KnownCodes, problems: Sequence[Problem]) -> dict[str, Any]:
        """Return what the form shows; problems stand beside the fields at fault."""
        shown = {one.name: self._shown(one, known, problems) for one in self.fields}
        found: dict[str, Any] = {
            name: [shown[one.name] for one in fields if one.name in shown]
            for name, fields in (*_SECTIONS, ("standing", STANDING))
        }
        tree = shown_tree(self.root, known, problems)
        return found | {
            "places": list(_places(shown.values(), tree)),
            "likely": shown.get(LIKELY.name),
            "has_conditions": LIKELY.name in shown,
            "tree": tree,
            "tree_problems": at_no_node(self.root, problems),
            "predicates": predicate_choices(),
            "groups": GROUP_WORDS,
            "focus": self.focus,
            "problems": problems,
            "elsewhere": [one for one in problems if self._is_elsewhere(one)],
        }

    def against(self, theirs: RuleVersion, known: KnownCodes) -> Iterable[Change]:
        """Return the fields that somebody else filled in differently meanwhile: theirs, mine."""
        mine = self.checked(known)[0]
        old = RuleDefinition.from_json(theirs.definition)
        return changes_between(old, mine, known) if mine else ()

    def _is_elsewhere(self, problem: Problem) -> bool:
        is_of_tree = problem.path.startswith("conditions")
        return not is_of_tree and not any(one.is_at(problem.path) for one in self.fields)

    def _shown(self, one: Field, known: KnownCodes, problems: Sequence[Problem]) -> Field:
        filled = one.filled(one.values, problems)
        if one.input not in (Input.CHOICE, Input.CHOICES):
            return filled
        named = list(names_for(one.name, known).items())
        blank = [("", "–")] if one.name in _MAY_BE_EMPTY else []
        choices = [*blank, *with_given(named, one.values)]
        return replace(filled, choices=choices)

    def _end(self) -> Iterable[Change]:
        last = last_day_in(self.fields)
        if last is not None:
            yield Change(LABELS["last_day"], "", f"{last:%d/%m/%Y}")

    def preview(self, known: KnownCodes, before: RuleVersion | None) -> dict[str, Any]:
        """Return the rule in sentences and what it changes, or how much is still to be mended."""
        rule, problems = self.checked(known)
        changes: list[Change] = []
        if rule is not None and before is not None:
            old = RuleDefinition.from_json(before.definition)
            changes = [*changes_between(old, rule, known), *self._end()]
        return {
            "sentences": sentences_of(rule, known) if rule else [],
            "changes": changes,
            "before": before,
            "open_count": len(problems),
        }


def refusals(
    read: Callable[[], Made], fields: Sequence[Field]
) -> tuple[Made | None, list[Problem]]:
    """Return what `read` makes of a form, or all that is wrong with it and with its last day."""
    problems: list[Problem] = []
    made = None
    try:
        made = read()
    except DefinitionError as error:
        problems += error.problems
    try:
        last_day_in(fields)
    except DefinitionError as error:
        problems += error.problems
    return (None if problems else made), problems


def last_day_in(fields: Sequence[Field]) -> date | None:
    """Return the civil date after which the version ends; DefinitionError for none or past."""
    text = next(one.value.strip() for one in fields if one.name == "last_day")
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise DefinitionError([_NO_DAY]) from None
    if found < clock.today():
        raise DefinitionError([_PAST])
    return found


def _places(fields: Iterable[Field], tree: NodeShown) -> Iterable[Place]:
    """Yield what is to be mended in the order of the page: conditions before words."""
    fields = list(fields)
    first = [one for one in fields if one.name in _BEFORE_CONDITIONS]
    for one in first:
        yield from (Place(one.html_id, one.label, problem) for problem in one.problems)
    yield from places_in(tree)
    for one in fields:
        if one not in first:
            yield from (Place(one.html_id, one.label, problem) for problem in one.problems)


_BEFORE_CONDITIONS = {one.name for one in (*TRIGGER, *AUDIENCE)}
_MAY_BE_EMPTY = {"credential_kind", "identity_kind", "topic", "owner"}
_NO_DAY = Problem("last_day", "không phải một ngày", "is not a date")
_PAST = Problem("last_day", "ngày này đã qua", "this day is past")
