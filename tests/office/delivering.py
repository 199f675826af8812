"""Officials who bring deliveries in, and the addresses at which they do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from citizens.enums import Role
from citizens.models import Agency, Batch, Unit, User
from tests.citizens.importing.scene import TODAY, set_the_scene
from tests.factories.citizens import GrantFactory, OfficialFactory

LIST = "admin:office_registers"


@contextmanager
def a_working_day(settings: Settings, folder: Path) -> Iterator[None]:
    """Set the scene on the day of the extracts; deliveries wait in `folder`."""
    settings.MEDIA_ROOT = str(folder)
    with time_machine.travel(f"{TODAY}T09:00:00+07:00", tick=True):
        set_the_scene()
        yield


def official(role: Role, unit_code: str = "48") -> User:
    """Return an official with a role over the city, or over another unit."""
    unit = Unit.objects.get(code=unit_code, valid__contains=TODAY)
    holder = OfficialFactory(agency=Agency.objects.filter(unit=unit).first())
    GrantFactory(official=holder, role=role, unit=unit)
    user: User = holder.user
    return user


def register(code: str = "NPD") -> str:
    """Return the address of a register's page."""
    return reverse("admin:office_register", args=[code])


def page(batch: Batch, name: str = "office_batch") -> str:
    """Return the address of a delivery, or of what belongs to it."""
    return reverse(f"admin:{name}", args=[batch.public_id])


def send(client: Client, content: bytes, *, code: str = "NPD", **given: Any) -> Any:
    """Send a file by the form, without a trial."""
    form = {"as_of": f"{TODAY:%Y-%m-%d}", "table": "", "encoding": ""}
    file = SimpleUploadedFile("nguoi-dan.csv", content, content_type="text/csv")
    return client.post(register(code), form | given | {"file": file})


def text_of(response: Any) -> str:
    """Return what an answer says, also where it comes piece by piece."""
    content: bytes = b"".join(response) if response.streaming else response.content
    return content.decode()
