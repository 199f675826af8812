"""How the queryset of a rule's facts, or of its suggestions, names the party they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from procedures.definition import RuleDefinition
from procedures.enums import TriggerKind
from procedures.models import RuleVersion

Facts = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class FactPath:
    """Prefixes by which a queryset reaches the party of a fact and what that party is."""

    party: str
    holder: str

    @property
    def party_id(self) -> str:
        """The column with the party's key."""
        return f"{self.party.removesuffix('__')}_id"


BIRTHDAY = FactPath("party__", "")


@dataclass(frozen=True, slots=True)
class ScannedRule:
    """A rule version with its definition read, as the statements need it."""

    version: RuleVersion
    definition: RuleDefinition

    @classmethod
    def of(cls, version: RuleVersion) -> ScannedRule:
        """Read the definition; DefinitionError where a stored document is not a rule's."""
        return cls(version, RuleDefinition.from_json(version.definition))

    @property
    def is_of_births(self) -> bool:
        """Whether the facts are rows of people, found by the day of their birth."""
        is_campaign = self.definition.kind == TriggerKind.CALENDAR
        return self.definition.kind == TriggerKind.AGE_MILESTONE or (
            is_campaign and bool(self.definition.ages)
        )

    @property
    def path(self) -> FactPath:
        """How the rule's facts name their party."""
        if self.is_of_births:
            return BIRTHDAY
        is_event = self.definition.kind == TriggerKind.LIFE_EVENT
        return self._path("party__" if is_event else "holder__")

    @property
    def suggestion_path(self) -> FactPath:
        """How the rule's suggestions name their party."""
        return self._path("subject__")

    def _path(self, party: str) -> FactPath:
        return FactPath(party, f"{party}{self.definition.subject}__")
