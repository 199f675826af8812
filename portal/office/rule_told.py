"""A version of a rule as a page that officials read: in sentences, its conditions as a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.common import clock
from portal.office.register_words import in_language
from portal.office.rule_changes import names_for, sentences_of
from portal.office.rule_editor_nodes import GROUP_WORDS
from portal.office.rule_editor_tree import Branch, document_of, tree_of
from procedures.definition import RuleDefinition
from procedures.definition.conditions import read_tree, tree_to_json
from procedures.definition.reading import Node
from procedures.definition.rule_sentences import Names, condition_in_words
from procedures.models import BundleVersion, ProcedureVersion, Rule
from procedures.models.catalogue import in_force
from procedures.selectors.known_codes import known_codes


@dataclass(frozen=True)
class ConditionTold:
    """One condition as a sentence, or a group with its heading; either may be negated."""

    text: Any
    is_negated: bool
    parts: tuple[ConditionTold, ...]


def told(rule: RuleDefinition) -> dict[str, Any]:
    """Return what `office/rule_definition.html` shows of a rule; five queries."""
    known = known_codes(day=clock.today())
    root = tree_of(tree_to_json(rule.conditions))
    events = names_for("events", known)
    topic = known.topics.get(rule.topic or "")
    return {
        "rule": rule,
        "sentences": sentences_of(rule, known),
        "conditions": _told(_unhulled(root), known.names) if root.parts else None,
        "address": names_for("address", known)[rule.address],
        "subject": names_for("subject", known)[rule.subject],
        "events": [events[event] for event in rule.events],
        "topic": in_language(topic.vi, topic.en) if topic else rule.topic,
        "owner": names_for("owner", known).get(rule.owner or "", rule.owner),
        "units": [names_for("units", known).get(code, code) for code in rule.units],
    }


def offered_by(rule: Rule, *, day: date) -> str:
    """Return the name of what a rule offers, with the code of a procedure; one query."""
    if rule.procedure is None:
        rows: Any = BundleVersion.objects.filter(bundle=rule.bundle_id)
    else:
        rows = ProcedureVersion.objects.filter(procedure=rule.procedure_id)
    names = rows.filter(in_force(day)).values_list("name_vi", "name_en").first()
    code = rule.procedure.code if rule.procedure else ""
    name = in_language(names[0], names[1] or names[0]) if names else str(rule.bundle or "")
    return " · ".join(filter(None, (code, name)))


def _unhulled(root: Branch) -> Branch:
    """Return the one condition of a group that holds no other."""
    return root.parts[0] if len(root.parts) == 1 and not root.is_negated else root


def _told(node: Branch, names: Names) -> ConditionTold:
    if node.is_group:
        parts = tuple(_told(part, names) for part in node.parts)
        return ConditionTold(dict(GROUP_WORDS)[node.kind], node.is_negated, parts)
    plain = document_of(Branch("all", parts=[Branch(node.kind, given=node.given)]))
    words = condition_in_words(read_tree(Node(plain)), names)
    return ConditionTold(in_language(words.vi, words.en), node.is_negated, ())
