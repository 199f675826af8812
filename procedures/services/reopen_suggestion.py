"""A suggestion waits again: its dossier was refused or withdrawn, or the citizen thought again."""

from __future__ import annotations

from django.db import transaction

from procedures.enums import RecipientState, SuggestionState
from procedures.models import Suggestion
from procedures.services.moves import locked, write
from procedures.workflow import Move


@transaction.atomic
def reopen_suggestion(*, suggestion: Suggestion) -> Suggestion:
    """Open an accepted or dismissed suggestion again; RefusedError from any other state.

    Who had dismissed it sees it again. The next scan tells the most urgent stage not yet told.
    """
    row, reopened = locked(suggestion, Move.REOPEN)
    if row.state == SuggestionState.DISMISSED:
        row.recipients.update(state=RecipientState.ACTIVE)
    return write(row, reopened)
