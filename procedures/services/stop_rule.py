"""The kill switch: a rule is silent at once, and what it has in the queue is taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from portal.common.errors import RefusedError
from procedures.detection.engine import end_rule, lock_rule
from procedures.detection.facts import ScannedRule
from procedures.enums import RuleAction
from procedures.models import Rule
from procedures.services.rule_ledger import locked_rule, note_step


@transaction.atomic
def stop_rule(*, rule: Rule, by: User, reason: str, now: datetime) -> int:
    """Stop a rule and return how many waiting suggestions were withdrawn.

    In the same transaction its queued messages are withdrawn. A suggestion that was accepted goes
    on: a dossier of its own stands behind it. One official is enough; `resume_rule` needs another.
    It waits for a scan that is at the rule, which comes to an end in seconds. RefusedError without
    a reason or when the rule is stopped already.
    """
    if not reason.strip():
        raise RefusedError(
            _("Say why the rule is stopped: others have to decide whether it may go on.")
        )
    lock_rule(rule.pk)
    row = locked_rule(rule.pk)
    if not row.is_active:
        raise RefusedError(_("The rule is stopped already."))
    row.is_active, row.stopped_by, row.stopped_at = False, by, now
    row.stop_reason = reason.strip()[:200]
    row.save(update_fields=["is_active", "stopped_by", "stopped_at", "stop_reason"])
    withdrawn = _withdraw(row, now)
    note_step(
        row, RuleAction.STOP, by=by, now=now, reason=row.stop_reason, withdrawn_count=withdrawn
    )
    return withdrawn


def _withdraw(rule: Rule, now: datetime) -> int:
    """Withdraw what waits of the rule, whichever of its versions opened it."""
    last = rule.versions.select_related("rule__bundle").order_by("-number").first()
    return end_rule(ScannedRule.of(last), now).retired if last else 0
