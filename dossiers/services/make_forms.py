"""Make the papers that steps have called for; each on its own, so that one bad one stops nobody."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from dossiers.documents.signing import SealUnusableError
from dossiers.enums import FormOrderState
from dossiers.models import FormOrder
from dossiers.services.issue_form import LEASE, fulfil
from portal.common import clock
from portal.common.outbox import claim, release, write_back

MOST_ATTEMPTS = 5
MOST_SECONDS = 120.0  # of one bell; the next goes on
_WAIT = timedelta(minutes=1)
_BATCH = 5
_log = logging.getLogger(__name__)


def make_forms(*, now: datetime) -> int:
    """Make what is due at `now`, for at most two minutes; return how many papers were made.

    A paper that fails is tried again after one, two, three … minutes and parked after the fifth
    time with its reason. Where an agency's seal is of no use its orders do not count as tried and
    wait a minute; those of the others go on.
    """
    made, until = 0, time.monotonic() + MOST_SECONDS
    _park_killers(now)
    while time.monotonic() < until:
        at = max(now, clock.now())
        held = claim(due_orders(now), held=FormOrderState.MAKING, until=at + LEASE, limit=_BATCH)
        if not held:
            break
        for order in held:
            try:
                made += fulfil(order=order, now=clock.now()) is not None
            except SealUnusableError as error:
                _give_back(order, str(error), now)
            except Exception as error:
                _note_failure(order, error, now)
    return made


def due_orders(now: datetime) -> QuerySet[FormOrder]:
    """Return the orders that somebody may take at `now`, oldest first."""
    waiting = Q(state=FormOrderState.WAITING, due_at__lte=now)
    left = Q(state=FormOrderState.MAKING, lease_until__lt=now)
    return FormOrder.objects.filter(waiting | left).order_by("due_at", "pk")


def retry_form(*, order: FormOrder, now: datetime) -> bool:
    """Let a parked order wait for its turn again; False where it is not parked."""
    parked = FormOrder.objects.filter(pk=order.pk, state=FormOrderState.PARKED)
    return bool(parked.update(state=FormOrderState.WAITING, attempt=0, due_at=now))


def _note_failure(order: FormOrder, error: Exception, now: datetime) -> None:
    """Park the order, or let it wait; of the error only what names no person goes to the log."""
    _log.warning(
        "A paper could not be made: order %d, %s, %s", order.pk, order.kind, type(error).__name__
    )
    is_last = order.attempt >= MOST_ATTEMPTS
    _write(order, FormOrderState.PARKED if is_last else FormOrderState.WAITING, error, now)


def _write(order: FormOrder, state: FormOrderState, error: Exception, now: datetime) -> None:
    reason = f"{type(error).__name__}: {error}"[:300]
    row = {
        "pk": order.pk,
        "attempt": order.attempt,
        "state": state,
        "reason": reason,
        "due_at": now + _WAIT * order.attempt,
    }
    write_back(FormOrder, [row], held=FormOrderState.MAKING)


def _give_back(order: FormOrder, reason: str, now: datetime) -> None:
    row = {
        "pk": order.pk,
        "attempt": order.attempt,
        "lease_until": order.lease_until,
        "state": FormOrderState.WAITING,
        "reason": reason[:300],
        "due_at": now + _WAIT,
    }
    release(FormOrder, [row], held=FormOrderState.MAKING)


def _park_killers(now: datetime) -> None:
    """Park what was being made again and again when its process died."""
    FormOrder.objects.filter(
        state=FormOrderState.MAKING, lease_until__lt=now, attempt__gte=MOST_ATTEMPTS
    ).update(
        state=FormOrderState.PARKED,
        lease_until=None,
        reason="The process died each time while making this paper.",
    )
