from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.web.scene import FRIDAY, Scene, lan_scene


@pytest.fixture
def friday() -> Iterator[time_machine.Traveller]:
    """Friday, 20 November 2026, nine in the morning; the clock goes on."""
    with time_machine.travel(FRIDAY, tick=True) as traveller:
        yield traveller


@pytest.fixture
def scene(db: None, friday: time_machine.Traveller) -> Scene:
    """Mrs Lan with her licence, signed in."""
    return lan_scene()
