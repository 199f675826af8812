"""A person with a licence that runs out, and a rule about it with conditions to be tried."""

from __future__ import annotations

from datetime import date
from typing import Any

from citizens.models import Citizen
from procedures.answers import FactAnswers, answers_for
from procedures.detection.facts import ScannedRule
from procedures.detection.holding import holding
from procedures.detection.windows import due_window
from procedures.models import RuleVersion
from tests.factories.citizens import CitizenFactory, CredentialFactory, UnitFactory
from tests.procedures.detection.scene import DUE, LICENCE, make_rule

DAY = date(2027, 1, 15)  # the licence is due on 1 March


def driver(**values: Any) -> Citizen:
    """Make somebody of 60 on the due date, with a licence of class B that is due."""
    person: Citizen = CitizenFactory(**{"birth_date": date(1967, 3, 1)} | values)
    CredentialFactory(holder=person, expires_on=DUE, issued_on=date(2017, 3, 1), category="B")
    return person


def rule_with(
    conditions: dict[str, Any] | None, key: str = "licence", **changes: Any
) -> RuleVersion:
    """Make the licence rule with these conditions."""
    definition = LICENCE | {"conditions": conditions} | changes
    made = make_rule(definition, key)
    version: RuleVersion = made.versions.select_related("rule").get()
    return version


def asked(version: RuleVersion, person: Citizen) -> FactAnswers:
    """Return the answers for the person's one fact."""
    (fact,) = answers_for(version=version, party=person.party, day=DAY).facts
    return fact


def suggested(version: RuleVersion) -> list[tuple[int, str]]:
    """Return whom the scan's own queryset suggests: (party, answer)."""
    rule = ScannedRule.of(version)
    facts = holding(rule, due_window(rule.definition, DAY), DAY)
    if rule.definition.conditions is None:
        return [(party, "yes") for party in facts.values_list(rule.path.party_id, flat=True)]
    return list(facts.values_list(rule.path.party_id, "answer"))


__all__ = ["DAY", "UnitFactory", "asked", "driver", "rule_with", "suggested"]
