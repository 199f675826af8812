"""Extracts as somebody sends them: in clear in a file without a name."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from django.db import ProgrammingError

from citizens.models import Batch
from citizens.registers.vault import PlainFile
from citizens.services.receive_batch import Received, receive_batch
from citizens.services.run_batches import run_batches
from tests.citizens.importing.scene import TODAY, Row, person
from tests.factories.citizens import UserFactory


def csv_of(*rows: Row) -> bytes:
    """Return rows as CSV with the headings of them all."""
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def people(count: int, **changes: str) -> list[dict[str, str]]:
    """Return rows of so many people of the population register, all alike but for the number."""
    return [person(f"999185{number:06d}", **changes) for number in range(1, count + 1)]


def plain(content: bytes) -> PlainFile:
    """Return the file of an upload."""
    file = PlainFile()
    file.write(content)
    return file


def receive(content: bytes, *, register: str = "NPD", **given: Any) -> Received:
    """Receive a file of people, unless told otherwise."""
    options: dict[str, Any] = {"name": "nguoi-dan.csv", "day": TODAY}
    if "by" not in given:
        options["by"] = UserFactory(of_official=True)
    with plain(content) as file:
        return receive_batch(register=register, plain=file, **(options | given))


def staging_fails(execute: Any, statement: str, *rest: Any) -> Any:
    """Let an import fail, for `connection.execute_wrapper`."""
    if "TEMPORARY TABLE staged" in statement:
        raise ProgrammingError("no such type")
    return execute(statement, *rest)


def take_over(*rows: Row, register: str = "NPD", day: date = TODAY, **given: Any) -> Batch:
    """Receive rows, let the worker do its work, and return what became of the batch."""
    batch = receive(csv_of(*rows), register=register, day=day, **given).batch
    run_batches(day=day)
    batch.refresh_from_db()
    return batch
