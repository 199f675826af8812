"""What a version of a rule says field by field, and where it departs from another version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from portal.common import clock
from portal.office.register_words import in_language
from portal.office.rule_editor_fields import Field, Input, fields_of, values_of
from portal.office.rule_words import ADDRESSEES, EVENTS, LABELS, SUBJECTS, WINDOWS
from procedures.definition import RuleDefinition
from procedures.definition.rule_sentences import condition_in_words, rule_in_sentences
from procedures.models import BundleVersion, RuleVersion
from procedures.selectors.drafts import version_before
from procedures.selectors.known_codes import KnownCodes, known_codes


@dataclass(frozen=True)
class Change:
    """One field that two versions say differently; an empty text says nothing."""

    label: Any
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """A version beside the one whose place it takes (None for the first)."""

    before: RuleVersion | BundleVersion | None
    changes: list[Change]


def sentences_of(rule: RuleDefinition, known: KnownCodes) -> list[str]:
    """Return what the rule does, in the language of the page."""
    return [in_language(one.vi, one.en) for one in rule_in_sentences(rule, known.names)]


def compared(version: RuleVersion) -> Comparison:
    """Return where a version departs from the one before it; five queries."""
    before = version_before(version, day=clock.today())
    if before is None:
        return Comparison(None, [])
    known = known_codes(day=clock.today())
    old, new = (RuleDefinition.from_json(one.definition) for one in (before, version))
    changes = [*changes_between(old, new, known), *end_changed(version)]
    return Comparison(before, changes)


def changes_between(
    before: RuleDefinition, after: RuleDefinition, known: KnownCodes
) -> Iterator[Change]:
    """Yield the fields that two definitions of a rule say differently, in the order of the page."""
    old, new = before.to_json(), after.to_json()
    for one in fields_of(after.kind):
        if one.name == "last_day":
            continue
        was, now = (_said(one, values_of(raw, one), known) for raw in (old, new))
        if was != now:
            yield Change(one.label, was, now)
    was, now = (conditions_said(rule, known) for rule in (before, after))
    if was != now:
        yield Change(LABELS["conditions"], was, now)


def conditions_said(rule: RuleDefinition, known: KnownCodes) -> str:
    """Return the conditions as one sentence; empty without any."""
    if rule.conditions is None:
        return ""
    words = condition_in_words(rule.conditions, known.names)
    return in_language(words.vi, words.en)


def end_changed(after: RuleVersion | BundleVersion) -> Iterator[Change]:
    """Yield the last day where a draft names one; that of a released version its successor sets."""
    if after.valid.upper is not None:
        yield Change(LABELS["last_day"], "", _day(after.valid.upper))


def _day(end: date) -> str:
    return f"{end - timedelta(days=1):%d/%m/%Y}"


def _said(one: Field, values: list[str], known: KnownCodes) -> str:
    if one.input is Input.FLAG:
        return _("Yes") if values else _("No")
    if one.input is Input.PERIOD:
        return " – ".join(values)
    names = names_for(one.name, known)
    told = [str(names.get(value, value)) for value in values]
    return ("; " if one.name == "legal_basis" else ", ").join(told)


def names_for(name: str, known: KnownCodes) -> dict[str, Any]:
    """Return the words for the values of a field that is chosen from a list."""
    lists: dict[str, Any] = {
        "credential_kind": known.papers,
        "identity_kind": known.papers,
        "units": known.units,
        "topic": known.topics,
        "owner": known.agencies,
    }
    if name in lists:
        return {code: in_language(words.vi, words.en) for code, words in lists[name].items()}
    closed: dict[str, Any] = {
        "events": EVENTS,
        "subject": SUBJECTS,
        "address": ADDRESSEES,
        "window.shape": WINDOWS,
    }
    return {str(value): label for value, label in closed.get(name, {}).items()}
