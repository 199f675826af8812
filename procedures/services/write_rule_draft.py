"""An official begins a new version of a rule from the one that holds."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.models import User
from procedures.enums import VersionStatus
from procedures.models import Rule, RuleVersion
from procedures.services.drafts import begun_from


@transaction.atomic
def write_rule_draft(*, rule: Rule, by: User, day: date) -> RuleVersion:
    """Return a new draft that says what the version in force on the civil date `day` says.

    Where none holds it says what the newest version said. One draft at a time: RefusedError while
    another waits, which is to be continued or discarded, or when the rule has no version at all.
    """
    origin, number = begun_from(rule, day)
    return RuleVersion.objects.create(
        rule=rule,
        number=number,
        definition=origin.definition,
        valid=DateRange(None, None),
        status=VersionStatus.DRAFT,
        written_by=by,
    )
