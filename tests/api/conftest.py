"""Mrs Lan with a suggestion and a filed dossier, as the citizens' addresses know her."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.web.scene import FRIDAY, Scene, lan_scene


@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    """Mrs Lan on a Friday in November."""
    with time_machine.travel(FRIDAY, tick=False):
        yield lan_scene()
