"""A version that began with a share of its audience is extended to all."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.enums import RuleAction, VersionStatus
from procedures.models import RuleVersion
from procedures.models.catalogue import has_ended
from procedures.services.rule_ledger import locked_rule, note_step
from procedures.services.scan_resumed import ask_for_scan

ALL = 100


@transaction.atomic
def widen_version(*, version: RuleVersion, by: User, now: datetime) -> RuleVersion:
    """Let a released version speak to its whole audience; a scan of its own follows at once.

    RefusedError when it is a draft, has ended, speaks to all already, or when its writer would do
    it. The share never goes down: whoever was told stays told.
    """
    rule = locked_rule(version.rule_id)
    row = RuleVersion.objects.get(pk=version.pk)
    if row.status != VersionStatus.RELEASED:
        raise RefusedError(_("Only a released version can be extended to all."))
    if row.written_by_id == by.pk:
        raise RefusedError(_("Whoever wrote a version cannot also extend it to all."))
    if row.audience_percent >= ALL:
        raise RefusedError(_("This version already speaks to all whom it concerns."))
    if has_ended(row, clock.civil_date(now)):
        raise RefusedError(_("This version has ended."))
    before, row.audience_percent = row.audience_percent, ALL
    row.save(update_fields=["audience_percent"])
    note_step(rule, RuleAction.WIDEN, by=by, now=now, rule_version=row, before=before, after=ALL)
    ask_for_scan(rule=rule, now=now)
    return row
