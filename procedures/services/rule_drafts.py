"""What the services that write drafts of rules have in common: the lock, and who was faster."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.common.errors import RefusedError, StaleVersionError
from procedures.enums import VersionStatus
from procedures.models import Rule, RuleVersion
from procedures.selectors.drafts import seen_of


def locked_draft(version: RuleVersion) -> RuleVersion:
    """Lock the rule, then its draft, and read it anew.

    RefusedError when it was released or discarded meanwhile.
    """
    Rule.objects.select_for_update(of=("self",)).get(pk=version.rule_id)
    rows = RuleVersion.objects.select_for_update(of=("self",)).select_related("rule", "written_by")
    row = rows.filter(pk=version.pk).first()
    if row is None:
        raise RefusedError(_("This draft was discarded meanwhile."))
    if row.status != VersionStatus.DRAFT:
        raise RefusedError(
            _("This version was released: it never changes again. Begin a new draft instead.")
        )
    return row


def check_seen(row: RuleVersion, seen: str) -> None:
    """Raise StaleVersionError when the draft is no longer what the editor saw."""
    if seen != seen_of(row):
        raise StaleVersionError(_("This draft was changed meanwhile."))
