"""The kill switch: a rule is silent at once, and what it has in the queue is taken back."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from citizens.models import User
from portal.common.errors import RefusedError
from procedures.detection.engine import end_rule, lock_rule
from procedures.detection.facts import ScannedRule
from procedures.enums import RuleAction
from procedures.models import Rule, Suggestion
from procedures.services.rule_ledger import locked_rule, note_step
from procedures.services.scan_resumed import ask_for_scan


def stop_rule(*, rule: Rule, by: User, reason: str, now: datetime) -> int:
    """Stop a rule and return how many suggestions wait, which are withdrawn with their messages.

    The stop waits for no scan and holds from its commit on: each part of a scan asks for it first.
    What waits is withdrawn then and there, unless a scan is at the rule or there is more of it than
    a page can wait for; that is left to `scan_resumed`. A suggestion that was accepted goes on: a
    dossier of its own stands behind it. One official is enough; `resume_rule` needs another.
    RefusedError without a reason or when the rule is stopped already.
    """
    waiting = _stop(rule, by, reason, now)
    _withdraw(rule, now)
    return waiting


@transaction.atomic
def _stop(rule: Rule, by: User, reason: str, now: datetime) -> int:
    if not reason.strip():
        raise RefusedError(
            _("Say why the rule is stopped: others have to decide whether it may go on.")
        )
    row = locked_rule(rule.pk)
    if not row.is_active:
        raise RefusedError(_("The rule is stopped already."))
    row.is_active, row.stopped_by, row.stopped_at = False, by, now
    row.stop_reason = reason.strip()[:200]
    row.save(update_fields=["is_active", "stopped_by", "stopped_at", "stop_reason"])
    waiting = Suggestion.objects.filter(rule=row.pk).waiting().count()
    note_step(row, RuleAction.STOP, by=by, now=now, reason=row.stop_reason, withdrawn_count=waiting)
    ask_for_scan(rule=row, now=now)
    return waiting


def _withdraw(rule: Rule, now: datetime) -> None:
    """Withdraw what waits of the rule, whichever of its versions opened it, if it is soon done."""
    last = rule.versions.select_related("rule__bundle").order_by("-number").first()
    if last is None:
        return
    with suppress(OperationalError), transaction.atomic():
        lock_rule(rule.pk, wait="1s", work="5s")
        end_rule(ScannedRule.of(last), now)
