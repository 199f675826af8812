"""The citizen wants to hear of it later."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Citizen
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.definition import RuleDefinition
from procedures.models import Suggestion
from procedures.rules import filing_window
from procedures.services.moves import active_recipient, locked, silence, write
from procedures.workflow import Move


@transaction.atomic
def snooze_suggestion(*, suggestion: Suggestion, citizen: Citizen, until: date) -> Suggestion:
    """Be silent until the civil date `until`, on which the next reminder falls due.

    RefusedError when that is not after today, or after the last day that is still in time.
    """
    row, snoozed = locked(suggestion, Move.SNOOZE)
    active_recipient(row, citizen)
    definition = RuleDefinition.from_json(row.rule_version.definition)
    last = filing_window(definition, row.due_on).latest_on or row.due_on
    if not clock.today() < until <= last:
        raise RefusedError(
            _("Choose a day after today and no later than %(last)s.") % {"last": f"{last:%d/%m/%Y}"}
        )
    silence(row)
    return write(row, snoozed, next_remind_on=until)
