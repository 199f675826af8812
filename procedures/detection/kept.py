"""Statements about some parties, composed once a rule and day: only whom they ask for differs.

All day long facts change and people look at their coming dates, and the same dozen rules look at
them in the same words. Django takes longer to put these words together than the database to answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import Any

from portal.common.sql import Statement
from procedures.definition.conditions import leaves
from procedures.detection.conditions import Delivered
from procedures.detection.facts import ScannedRule
from procedures.detection.suggestions import Subjects
from procedures.detection.terms import LATER
from procedures.selectors.catalogue import offered_codes

Compose = Callable[[ScannedRule, date, Subjects], Statement]

# An exemption is looked up while its condition is put together: tomorrow's words may be others.
_LOOKED_UP = "exemption"
# More than all rules of a day have.
_MOST = 1_000
_kept: dict[Hashable, Statement] = {}


def composed(compose: Compose, rule: ScannedRule, day: date, subjects: Subjects) -> Statement:
    """Return `compose(rule, day, subjects)`; about some parties, as it was composed before.

    `compose` depends on nothing else, but for what `kept_about`, the bundle's codes and the
    delivered kinds say.
    """
    if subjects is None or _is_looked_up(rule):
        return compose(rule, day, subjects)
    offered = rule.version.rule.bundle
    codes = () if offered is None else tuple(offered_codes(offered))
    # What was never delivered is not known rather than absent, and asked for in other words.
    known = rule.definition.conditions is not None and Delivered([rule]).of_named()
    told = (compose, day, codes, known)
    return kept_about(rule, told, subjects, lambda about: compose(rule, day, about))


def kept_about(
    rule: ScannedRule,
    told: Hashable,
    subjects: Sequence[int],
    compose: Callable[[Sequence[int]], Statement],
) -> Statement:
    """Return `compose(subjects)` as it was composed before for the same rule and `told`.

    `told` names all that its words hang on beside the rule's own definition and share.
    """
    if _is_looked_up(rule):
        return compose(subjects)
    key = (told, *_words_of(rule))
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= _MOST:
            _kept.clear()
        found = _kept[key] = compose(LATER)
    return _about(subjects, found)


def _about(subjects: Sequence[int], statement: Statement) -> Statement:
    keys = list(subjects)
    told: tuple[Any, ...] = tuple(keys if one is LATER else one for one in statement.params)
    return Statement(statement.sql, told)


def _is_looked_up(rule: ScannedRule) -> bool:
    return any(leaf.predicate == _LOOKED_UP for leaf in leaves(rule.definition.conditions))


def _words_of(rule: ScannedRule) -> tuple[Hashable, ...]:
    """Return all of a rule itself that its statements are put together from."""
    version, offered = rule.version, rule.version.rule
    share = (version.audience_percent, version.serves_from, version.serves_to)
    definition = json.dumps(version.definition, sort_keys=True)
    return (version.pk, offered.pk, offered.procedure_id, share, definition)
