"""What a version of a bundle says, and where it departs from another version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.common import clock
from portal.office.bundle_fields import LABELS
from portal.office.register_words import in_language
from portal.office.rule_changes import Change, Comparison, end_changed
from procedures.definition import ProcedureDefinition
from procedures.definition.bundle import BundleDefinition, may_be_shared
from procedures.definition.bundle_sentences import bundle_in_sentences, step_in_words
from procedures.definition.sentences import Words
from procedures.models import BundleVersion
from procedures.selectors import procedures_on
from procedures.selectors.drafts import version_before


@dataclass
class KnownProcedures:
    """The procedures that a bundle may name: those in force, by code, in the order of names."""

    procedures: Mapping[str, ProcedureDefinition]

    @classmethod
    def today(cls) -> KnownProcedures:
        """Return what is in force today; one query."""
        found = procedures_on(clock.today())
        return cls(dict(sorted(found.items(), key=lambda item: item[1].name_vi)))

    @cached_property
    def names(self) -> dict[str, Words]:
        """Their names by code."""
        return {code: Words(one.name_vi, one.name_en) for code, one in self.procedures.items()}

    @property
    def choices(self) -> dict[str, str]:
        """What a list of them says, by code."""
        return {code: f"{in_language(one.vi, one.en)} · {code}" for code, one in self.names.items()}

    def fields_of(self, codes: Iterable[str]) -> dict[str, Words]:
        """Return the names of all fields that procedures ask, by the field's name."""
        found: dict[str, Words] = {}
        for code in codes:
            for field in self.procedures[code].form_fields if code in self.procedures else ():
                found.setdefault(field.name, Words(field.label_vi, field.label_en))
        return found

    def asked_by(self, codes: Iterable[str]) -> dict[str, str]:
        """Return the fields that two of the procedures ask at least, by name, for a list."""
        fields = may_be_shared(codes, self.procedures)
        return {name: in_language(one.label_vi, one.label_en) for name, one in fields.items()}


def sentences_of(bundle: BundleDefinition, known: KnownProcedures) -> list[str]:
    """Return what the bundle does, in the language of the page."""
    told = bundle_in_sentences(bundle, known.names, known.fields_of(bundle.codes))
    return [in_language(one.vi, one.en) for one in told]


def compared(version: BundleVersion) -> Comparison:
    """Return where a version departs from the one before it; three queries."""
    before = version_before(version, day=clock.today())
    if before is None:
        return Comparison(None, [])
    known = KnownProcedures.today()
    old, new = (BundleDefinition.from_json(one.definition) for one in (before, version))
    return Comparison(before, [*changes_between(old, new, known), *end_changed(version)])


def changes_between(
    before: BundleDefinition, after: BundleDefinition, known: KnownProcedures
) -> Iterator[Change]:
    """Yield what two definitions of a bundle say differently, in the order of the page."""
    old, new = _said(before, known), _said(after, known)
    for name, was in old.items():
        if was != new[name]:
            yield Change(LABELS[name], was, new[name])


def _said(bundle: BundleDefinition, known: KnownProcedures) -> dict[str, str]:
    linked = known.choices.get(bundle.linked_procedure or "", bundle.linked_procedure or "")
    fields = known.fields_of(bundle.codes)
    steps = [step_in_words(step, known.names) for step in bundle.steps]
    return {
        "name_vi": bundle.name_vi,
        "name_en": bundle.name_en,
        "linked_procedure": linked,
        "steps": "\n".join(f"{at}. {_in(one)}." for at, one in enumerate(steps, 1)),
        "shared_fields": ", ".join(_name(fields, one) for one in bundle.shared_fields),
        "unverified": ", ".join(bundle.unverified),
        "note": bundle.note or "",
    }


def _name(fields: Mapping[str, Words], name: str) -> str:
    return _in(fields[name]) if name in fields else name


def _in(words: Any) -> str:
    return in_language(words.vi, words.en)
