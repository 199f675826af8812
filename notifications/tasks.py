"""Doorbells: each calls one service and goes home; the tables say what is to be done."""

from __future__ import annotations

from celery import shared_task

from notifications.services import resume
from portal.common import clock


@shared_task(name="notifications.forget_number_codes")
def forget_number_codes() -> None:
    """Delete codes to numbers that prove nothing any more and count in no day."""
    resume.forget_number_codes(now=clock.now())
