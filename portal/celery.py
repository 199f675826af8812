"""The Celery app: bells only. Beat's table is portal.schedule."""

from __future__ import annotations

from celery import Celery

from portal.mode import set_default_settings
from portal.schedule import beat_schedule

set_default_settings()

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = beat_schedule()
app.autodiscover_tasks()
