"""A person takes a dismissal back; what others decided about the suggestion stays."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Citizen
from portal.common.errors import RefusedError
from procedures.enums import RecipientState, SuggestionState
from procedures.models import Recipient, Suggestion
from procedures.services.moves import locked, refuse_outsider, write
from procedures.workflow import Move


@transaction.atomic
def restore_suggestion(*, suggestion: Suggestion, citizen: Citizen) -> Suggestion:
    """Put a dismissed suggestion back on this person's list, and open it again where it was closed.

    RefusedError when the person dismissed nothing, may no longer act for the subject, or the matter
    has ended in another way since.
    """
    row = Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    refuse_outsider(row, citizen)
    mine = Recipient.objects.filter(suggestion=row, citizen=citizen, state=RecipientState.DISMISSED)
    if not mine.update(state=RecipientState.ACTIVE):
        raise RefusedError(_("There is nothing to take back."))
    if row.state in (SuggestionState.OPEN, SuggestionState.SNOOZED):
        return row
    row, reopened = locked(row, Move.REOPEN)
    return write(row, reopened)
