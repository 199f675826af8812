"""Doorbells: each calls one service and goes home; the tables say what is to be done."""

from __future__ import annotations

from contextlib import suppress

from celery import shared_task
from kombu.exceptions import OperationalError

from citizens.services.app_access import forget_tokens
from citizens.services.count_tries import forget_tries as forget_ended_tries
from citizens.services.run_batches import run_batches as run_received_batches
from citizens.services.seal_views import seal_views as seal_waiting_views
from portal.common import clock


@shared_task(name="citizens.seal_views")
def seal_views() -> None:
    """Seal the views of personal data that wait for it."""
    seal_waiting_views(now=clock.now())


@shared_task(name="citizens.forget_tries")
def forget_tries() -> None:
    """Delete the tries that no longer count, and the tokens that open nothing any more."""
    forget_ended_tries(now=clock.now())
    forget_tokens()


# Hours, where other tasks have minutes: three million rows on a slow disk. An import that is ended
# all the same is carried on at the next bell.
@shared_task(name="citizens.run_batches", soft_time_limit=6 * 3600, time_limit=6 * 3600 + 60)
def run_batches() -> None:
    """Import the deliveries of registers that wait for it."""
    run_received_batches(day=clock.today())


def ring_for_batches() -> None:
    """Ring at once, after a delivery was received; without a broker the next beat does."""
    with suppress(OperationalError):
        run_batches.apply_async(retry=False)
