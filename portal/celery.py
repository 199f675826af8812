"""The Celery app: bells only. Beat's table is portal.schedule."""

from __future__ import annotations

import signal
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from portal.mode import set_default_settings
from portal.processes import die_with_parent
from portal.schedule import beat_schedule

set_default_settings()

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = beat_schedule()
app.autodiscover_tasks()


@worker_process_init.connect
def _end_with_the_worker(**_kwargs: Any) -> None:
    """Leave no child of the pool behind when the worker itself is killed; its task comes back."""
    die_with_parent(signal.SIGKILL)
