"""What became of claimed messages, written back: fenced by the attempt, an Attempt for each try."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F

from notifications.dispatch.daily import free_places, places_of
from notifications.dispatch.parcels import Outcome
from notifications.enums import AttemptOutcome, MessageState, Reason
from notifications.models import Attempt, Message
from notifications.rules.timing import MAX_CLAIMS
from notifications.services.apply_receipts import apply_receipts, share_outcomes
from portal.common import clock
from portal.common.outbox import append, release, write_back
from portal.common.sql import is_database_away

log = structlog.get_logger(__name__)

_FIRST = 10
_FINAL = frozenset(MessageState) - {MessageState.QUEUED, MessageState.SENDING}
_TO_REPORT = {MessageState.PARKED, MessageState.UNKNOWN, MessageState.FAILED}


def write_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Write outcomes, with an Attempt for each real try, where the lease is still the writer's.

    One that cannot be written does not keep the others: its lease runs out and it is looked at
    again.
    """
    if not outcomes:
        return
    try:
        _write_together(outcomes)
    except Exception as error:
        if is_database_away(error):
            raise
        if len(outcomes) == 1:
            kind, message = type(error).__name__, outcomes[0].message.pk
            log.error("outcome_not_written", message=message, error=kind)  # noqa: TRY400
            return
        for outcome in outcomes:
            write_outcomes([outcome])


def _write_together(outcomes: Sequence[Outcome]) -> None:
    told = [outcome for outcome in outcomes if outcome.may_have_receipts]
    with transaction.atomic():
        if told:
            share_outcomes()
        places = places_of(outcomes)
        idle = [outcome.row_to_release() for outcome in outcomes if outcome.is_untouched]
        released = release(Message, idle, held=MessageState.SENDING)
        tried = [outcome for outcome in outcomes if not outcome.is_untouched]
        written = write_back(Message, [o.row() for o in tried], held=MessageState.SENDING)
        free_places(place for pk, place in places.items() if pk in written | released)
        ours = [outcome for outcome in tried if outcome.message.pk in written]
        append(Attempt, [_attempt(outcome) for outcome in ours if outcome.tried])
        spent = [o.message.pk for o in ours if o.message.secret_params_enc and o.state in _FINAL]
        if spent:
            Message.objects.filter(pk__in=spent).update(secret_params_enc=None)
        if told:  # those that came before this was written (F17)
            apply_receipts(references=[name for o in told for name in o.references])
    _report(ours)


def _report(outcomes: Sequence[Outcome]) -> None:
    """Tell the operators what was not sent: one line a cause, ids only."""
    causes: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.state in _TO_REPORT:
            cause = (outcome.state.value, (outcome.reason or Reason.GAVE_UP).value, outcome.detail)
            causes[cause].append(outcome.message.pk)
    for (state, reason, detail), found in causes.items():
        log.error(
            "messages_not_sent",
            state=state,
            reason=reason,
            detail=detail,
            count=len(found),
            first=found[:_FIRST],
        )


def _attempt(outcome: Outcome) -> dict[str, Any]:
    message = outcome.message
    return {
        "message": message.pk,
        "number": message.attempt,
        "channel": outcome.channel or message.channel or "",
        "outcome": outcome.tried,
        "detail": outcome.detail,
        "started_at": outcome.handed_at or clock.now(),
    }


def note_lost_attempts(orphans: Sequence[Message]) -> None:
    """Leave a trace of attempts whose process died before it could write one.

    They do not count, up to a limit: who was killed was seldom killed by the message.
    """
    forgiven = [row for row in orphans if row.attempt <= MAX_CLAIMS]
    for row in forgiven:
        row.forgiven += 1
    if forgiven:
        spared = Message.objects.filter(pk__in=[row.pk for row in forgiven])
        spared.update(forgiven=F("forgiven") + 1)
    lost = [
        {
            "message": row.pk,
            "number": row.attempt - 1,
            "channel": row.channel or "",
            "outcome": AttemptOutcome.UNKNOWN,
            "detail": "the sender died before it could tell",
            "started_at": row.handed_at,
        }
        for row in orphans
        if row.handed_at is not None
    ]
    append(Attempt, lost)
    if orphans:
        log.warning("leases_ran_out", count=len(orphans))
