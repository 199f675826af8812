"""How many new matters a rule may open on one day."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from portal.common.errors import RefusedError
from procedures.enums import RuleAction
from procedures.models import Rule
from procedures.services.rule_ledger import locked_rule, note_step


@transaction.atomic
def set_quota(*, rule: Rule, quota: int | None, by: User, now: datetime) -> Rule:
    """Let a rule open at most `quota` matters a civil date, None for as many as there are.

    What is left over comes on later days, the most urgent first. RefusedError for less than one:
    to silence a rule is `stop_rule`.
    """
    if quota is not None and quota < 1:
        raise RefusedError(_("At least one a day; to silence a rule, stop it."))
    row = locked_rule(rule.pk)
    before, row.daily_quota = row.daily_quota, quota
    row.save(update_fields=["daily_quota"])
    note_step(row, RuleAction.QUOTA, by=by, now=now, before=before, after=quota)
    return row
