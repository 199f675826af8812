"""What every move of a suggestion shares: the row is locked, the table asked, the thread closed."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from citizens.models import Citizen
from notifications.services import withdraw_thread
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.enums import RecipientState, SuggestionState
from procedures.models import Recipient, Suggestion
from procedures.selectors.recipients import is_recipient
from procedures.workflow import Move, state_after


def locked(suggestion: Suggestion, move: Move) -> tuple[Suggestion, SuggestionState]:
    """Lock the suggestion's row and return it with the state the move leads to.

    RefusedError where the table does not allow the move. Call inside a transaction.
    """
    row = Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    after = state_after(row.state, move)
    if after is None:
        raise RefusedError(
            _("This suggestion is “%(state)s”, so that is no longer possible.")
            % {"state": row.get_state_display()}
        )
    return row, after


def active_recipient(suggestion: Suggestion, citizen: Citizen) -> Recipient:
    """Return the person's place among those who see the suggestion.

    RefusedError without one, and for whoever may not (or no longer) act for its subject today.
    """
    refuse_outsider(suggestion, citizen)
    try:
        return Recipient.objects.get(
            suggestion=suggestion, citizen=citizen, state=RecipientState.ACTIVE
        )
    except Recipient.DoesNotExist:
        raise _not_yours() from None


def refuse_outsider(suggestion: Suggestion, citizen: Citizen) -> None:
    """Raise RefusedError for whoever is not addressed by the suggestion's rule today."""
    if not is_recipient(suggestion=suggestion, citizen=citizen, day=clock.today()):
        raise _not_yours()


def _not_yours() -> RefusedError:
    return RefusedError(_("This suggestion is not yours to answer."))


def write(
    row: Suggestion,
    state: SuggestionState,
    *,
    closed_at: datetime | None = None,
    next_remind_on: date | None = None,
) -> Suggestion:
    """Write the new state (and, where given, the next reminder) of a locked row."""
    row.state, row.closed_at = state, closed_at
    if next_remind_on is not None:
        row.next_remind_on = next_remind_on
    row.save(update_fields=["state", "closed_at", "next_remind_on"])
    return row


def silence(suggestion: Suggestion) -> None:
    """Withdraw what is queued about the suggestion: the person has acted."""
    withdraw_thread(thread_key=f"suggestion:{suggestion.pk}")
