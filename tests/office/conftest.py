"""The places that most tests of the desk start from."""

from __future__ import annotations

import pytest
from django.template import Engine

import portal.urls  # noqa: F401 - the addresses register the desks, which tests are made for
from citizens.models import Unit
from tests.office.places import CANARY, Place, make_house, make_place


@pytest.fixture
def others_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a name that nobody gave be empty: unfold counts the errors of what is not there."""
    monkeypatch.setattr(Engine.get_default(), "string_if_invalid", "")


@pytest.fixture
def city(db: None) -> Unit:
    """The city with its catalogue."""
    return make_house()


@pytest.fixture
def here(city: Unit) -> Place:
    """The commune where the official works, in every role."""
    return make_place(city, "Xuân")


@pytest.fixture
def elsewhere(city: Unit) -> Place:
    """The commune next to it, which nobody here may see."""
    return make_place(city, CANARY)
