"""The Celery app: bells only. Beat's table is portal.schedule."""

from __future__ import annotations

import signal
from typing import Any

from celery import Celery
from celery.app.task import Task
from celery.signals import beat_embedded_init, beat_init, task_success, worker_process_init
from django.db import connection

from portal.common import clock
from portal.mode import set_default_settings
from portal.processes import die_with_parent
from portal.schedule import beat_schedule, longest_silences

set_default_settings()

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = beat_schedule()
app.autodiscover_tasks()


@worker_process_init.connect
def _end_with_the_worker(**_kwargs: Any) -> None:
    """Leave no child of the pool behind when the worker itself is killed; its task comes back."""
    die_with_parent(signal.SIGKILL)


@beat_init.connect
@beat_embedded_init.connect
def _await_every_bell(**_kwargs: Any) -> None:
    """Let a task that never rings be missed too, not only one that stops ringing."""
    from portal.common.models import Bell  # models exist only once Django is set up

    try:
        Bell.objects.expect(longest_silences(), clock.now())
    finally:
        connection.close()


@task_success.connect
def _note_the_bell(sender: Task[Any, Any], **_kwargs: Any) -> None:
    """Note a task that ended well in a worker; one that fails each time falls silent."""
    from portal.common.models import Bell  # models exist only once Django is set up

    most = longest_silences().get(sender.name)
    if most is not None and not sender.request.is_eager:
        Bell.objects.note(sender.name, most, clock.now())
