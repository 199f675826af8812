"""Doorbells: each calls one service and goes home; the tables say what is to be done."""

from __future__ import annotations

from celery import shared_task

from citizens.services.seal_views import seal_views as seal_waiting_views
from portal.common import clock


@shared_task(name="citizens.seal_views")
def seal_views() -> None:
    """Seal the views of personal data that wait for it."""
    seal_waiting_views(now=clock.now())
