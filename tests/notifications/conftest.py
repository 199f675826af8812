"""What the tests of messages share: the project's texts, a fixed noon, small helpers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine

from portal.common.clock import CIVIL_ZONE
from tests.notifications.processes import Start, dispatchers
from tests.shelf import put_texts

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=CIVIL_ZONE)


@pytest.fixture
def texts(db: None) -> None:
    """The topics and texts that the project ships."""
    put_texts()


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """A working day at noon; the clock goes on."""
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


@pytest.fixture
def start() -> Iterator[Start]:
    """Start dispatchers as processes of their own, on this test's database."""
    with dispatchers() as begin:
        yield begin
