"""Which series there are: rules with known dates, events of a life, and all other dossiers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import override

from citizens.enums import LifeEventKind
from citizens.models.credentials import EVENT_KINDS
from portal.reporting.enums import OTHER, CountKind
from procedures.answers.due import KNOWN_AHEAD
from procedures.definition import RuleDefinition
from procedures.enums import Level, TriggerKind
from procedures.models import ProcedureVersion, RuleVersion
from procedures.models.catalogue import in_force
from procedures.selectors import rules_in_force
from procedures.selectors.catalogue import offered_codes

# What is foretold of events: those that bring work and come without a date known before.
EVENTS = (
    LifeEventKind.BIRTH_NOTIFIED,
    LifeEventKind.CREDENTIAL_LOST_OR_DAMAGED,
    LifeEventKind.CONSTRUCTION_PERMIT_ISSUED,
    LifeEventKind.MOVED,
    LifeEventKind.BUSINESS_REGISTERED,
)
_ABOVE = {Level.CENTRAL, Level.PROVINCE}


@dataclass(frozen=True, slots=True)
class Series:
    """One series of weekly counts; `is_central` says that the province's offices do the work."""

    kind: CountKind
    key: str
    name_vi: str
    name_en: str
    is_central: bool = False

    @property
    def name(self) -> str:
        """The name by which a trained document knows the series."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class DatedRule:
    """A rule in force whose dates are known ahead, and who decides what it brings."""

    version: RuleVersion
    definition: RuleDefinition
    is_central: bool

    @property
    def key(self) -> str:
        """The rule's stable key."""
        return self.version.rule.key

    @property
    def is_renewal(self) -> bool:
        """Whether the rule watches papers that run out."""
        return self.definition.kind == TriggerKind.CREDENTIAL_EXPIRY

    def series(self, kind: CountKind) -> Series:
        """Return the series of what is due, or of what is filed."""
        names = (self.definition.paper_vi, self.definition.paper_en)
        return Series(kind, self.key, *names, is_central=self.is_central)


def dated_rules(*, day: date) -> list[DatedRule]:
    """Return the rules in force on `day` whose dates are known ahead, by name."""
    versions = list(rules_in_force(day=day, kinds=KNOWN_AHEAD))
    central = _central(versions, day)
    rules = [
        DatedRule(one, RuleDefinition.from_json(one.definition), is_central=one.pk in central)
        for one in versions
    ]
    return sorted(rules, key=lambda one: (one.definition.paper_vi, one.key))


def event_series(*, day: date) -> list[Series]:
    """Return the events that are foretold, with who does the work by the rules of `day`."""
    versions = list(rules_in_force(day=day, kinds=[TriggerKind.LIFE_EVENT]))
    central = _central(versions, day)
    above: dict[str, bool] = {}
    for one in versions:
        for event in one.definition["events"]:
            above[event] = above.get(event, True) and one.pk in central
    labels: dict[str, Any] = {str(kind): label for kind, label in EVENT_KINDS}
    return [
        Series(CountKind.EVENT, kind, _label(labels[kind], "vi"), _label(labels[kind], "en"),
               is_central=above.get(kind, False))
        for kind in EVENTS
    ]  # fmt: skip


def other_series() -> Series:
    """Return the series of dossiers that no rule with known dates suggested."""
    return Series(CountKind.FILED, OTHER, "Hồ sơ khác", "Other dossiers")


def _central(versions: Iterable[RuleVersion], day: date) -> set[int]:
    """Return the versions (keys) whose procedure an office of the province or above decides."""
    filed = ProcedureVersion.objects.filter(in_force(day)).select_related("procedure")
    levels = {
        one.procedure.code: one.definition.get("competent_agency", {}).get("level") for one in filed
    }
    found = set()
    for version in versions:
        rule = version.rule
        codes = [rule.procedure.code] if rule.procedure else []
        codes += offered_codes(rule.bundle) if rule.bundle else []
        if any(levels.get(code) in _ABOVE for code in codes[:1]):
            found.add(version.pk)
    return found


def _label(label: Any, language: str) -> str:
    with override(language):
        return str(label)
