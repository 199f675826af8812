"""The ledger of what officials do to a rule: each step locks the rule and leaves one row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from citizens.models import User
from procedures.enums import RuleAction
from procedures.models import Rule, RuleStep


def locked_rule(rule_id: int) -> Rule:
    """Lock the rule for the running transaction, so that two steps follow one another.

    Not its key: a scan that opens suggestions of the rule is not waited for.
    """
    return Rule.objects.select_for_update(of=("self",), no_key=True).get(pk=rule_id)


def note_step(
    rule: Rule, action: RuleAction, *, by: User, now: datetime, **values: Any
) -> RuleStep:
    """Add what was done; `values` are further columns of RuleStep."""
    return RuleStep.objects.create(rule=rule, action=action, by=by, at=now, **values)
