"""Dispatchers as processes of their own, on a test's database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from notifications.enums import MessageState
from notifications.models import Message
from portal.common import clock

PROJECT = Path(__file__).resolve().parents[2]

Start = Callable[..., "subprocess.Popen[str]"]


@contextmanager
def dispatchers() -> Iterator[Start]:
    """Give a function that starts `manage.py dispatch` on this test's database; end all of them.

    A dispatcher that starts takes seconds to load; Redis is nowhere, and nobody needs it.
    """
    children: list[subprocess.Popen[str]] = []

    def begin(sms_url: str, *arguments: str) -> subprocess.Popen[str]:
        database = settings.DATABASES["default"]
        place = (
            f"{database['HOST']}&port={database['PORT']}" if database["PORT"] else database["HOST"]
        )
        environment = os.environ | {
            "PORTAL_MODE": "demo",
            "DATABASE_URL": f"postgresql://{database['USER']}@/{connection.settings_dict['NAME']}"
            f"?host={place}",
            "REDIS_URL": "redis://127.0.0.1:1",
            "SMS_URL": sms_url,
        }
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        child = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "manage.py", "dispatch", *arguments],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        children.append(child)
        return child

    try:
        yield begin
    finally:
        for child in children:
            if child.poll() is None:
                child.kill()
            child.communicate()


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def let_leases_run_out() -> None:
    past = clock.now() - timedelta(seconds=1)
    Message.objects.filter(state=MessageState.SENDING).update(lease_until=past)
