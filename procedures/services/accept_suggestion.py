"""The citizen takes a suggestion up: a dossier follows."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from citizens.models import Citizen
from procedures.models import Suggestion
from procedures.services.moves import active_recipient, locked, silence, write
from procedures.workflow import Move


@transaction.atomic
def accept_suggestion(*, suggestion: Suggestion, citizen: Citizen, now: datetime) -> Suggestion:
    """Mark the suggestion accepted by one of its recipients and withdraw its queued messages.

    RefusedError when it waits no longer or is not this person's. Call in the dossier's transaction;
    `now` is when the recipient was seen to act.
    """
    row, accepted = locked(suggestion, Move.ACCEPT)
    recipient = active_recipient(row, citizen)
    recipient.seen_at = recipient.seen_at or now
    recipient.save(update_fields=["seen_at"])
    silence(row)
    return write(row, accepted)
