"""A second official lets a stopped rule go on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from portal.common.errors import RefusedError
from procedures.enums import RuleAction
from procedures.models import Rule
from procedures.services.rule_ledger import locked_rule, note_step
from procedures.services.scan_resumed import ask_for_scan


@transaction.atomic
def resume_rule(*, rule: Rule, by: User, reason: str = "", now: datetime) -> Rule:
    """Let a rule go on; its own scan, within a minute, brings back what was withdrawn and holds.

    Nobody hears a stage twice: it is the same suggestion of the same cycle. RefusedError when the
    rule is not stopped, or when whoever stopped it would let it go on.
    """
    row = locked_rule(rule.pk)
    if row.is_active:
        raise RefusedError(_("The rule is not stopped."))
    if row.stopped_by_id == by.pk:
        raise RefusedError(_("Whoever stopped a rule cannot also let it go on."))
    row.is_active, row.stopped_by, row.stopped_at, row.stop_reason = True, None, None, ""
    row.save(update_fields=["is_active", "stopped_by", "stopped_at", "stop_reason"])
    note_step(row, RuleAction.RESUME, by=by, now=now, reason=reason.strip()[:200])
    ask_for_scan(rule=row, now=now)
    return row
