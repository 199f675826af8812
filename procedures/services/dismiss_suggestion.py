"""A person does not want the suggestion; others who see it keep it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from citizens.models import Citizen
from procedures.enums import RecipientState
from procedures.models import Suggestion
from procedures.services.moves import active_recipient, locked, silence, write
from procedures.workflow import Move


@transaction.atomic
def dismiss_suggestion(*, suggestion: Suggestion, citizen: Citizen, now: datetime) -> Suggestion:
    """Take the suggestion off this person's list; it is dismissed when nobody is left who sees it.

    RefusedError when it waits no longer or is not this person's.
    """
    row, dismissed = locked(suggestion, Move.DISMISS)
    recipient = active_recipient(row, citizen)
    recipient.state = RecipientState.DISMISSED
    recipient.save(update_fields=["state"])
    if row.recipients.filter(state=RecipientState.ACTIVE).exists():
        return row
    silence(row)
    return write(row, dismissed, closed_at=now)
