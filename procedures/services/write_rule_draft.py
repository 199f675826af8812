"""An official begins a new version of a rule from the one that holds."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from citizens.models import User
from portal.common.errors import RefusedError
from procedures.enums import VersionStatus
from procedures.models import Rule, RuleVersion
from procedures.models.catalogue import in_force
from procedures.selectors.drafts import drafts_of


@transaction.atomic
def write_rule_draft(*, rule: Rule, by: User, day: date) -> RuleVersion:
    """Return a new draft that says what the version in force on the civil date `day` says.

    Where none holds it says what the newest version said. One draft at a time: RefusedError while
    another waits, which is to be continued or discarded, or when the rule has no version at all.
    """
    rule = Rule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    waiting = drafts_of(rule).first()
    if waiting is not None:
        raise RefusedError(
            _("Version %(number)d of this rule is being written: continue it or discard it.")
            % {"number": waiting.number}
        )
    newest = rule.versions.order_by("-number").first()
    if newest is None:
        raise RefusedError(_("This rule has no version to begin from."))
    origin = rule.versions.filter(in_force(day)).first() or newest
    return RuleVersion.objects.create(
        rule=rule,
        number=newest.number + 1,
        definition=origin.definition,
        valid=DateRange(None, None),
        status=VersionStatus.DRAFT,
        written_by=by,
    )
