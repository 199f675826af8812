"""A simulated partner behind a real HTTP server, and a matter to tell it of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from citizens.enums import Role
from citizens.models import User
from dossiers.exchange.books import Books
from dossiers.exchange.simulator import Simulator
from tests.dossiers.scene import Scene, renewal


@pytest.fixture
def books(settings: Settings) -> Iterator[Books]:
    """The partner's books, with fair weather; the portal exchanges with it."""
    held = Books()
    with Simulator(held) as simulator:
        settings.NATIONAL_PORTAL_URL = simulator.url
        yield held


@pytest.fixture
def scene(books: Books, db: None) -> Scene:
    """A licence that runs out, whose renewal is exchanged from the first step on."""
    return renewal()


@pytest.fixture
def officer(scene: Scene) -> User:
    """An official who receives and decides."""
    return scene.officer(Role.CASE_OFFICER, Role.RECEPTIONIST)
