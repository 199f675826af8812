"""An incident of one register's data, on a Friday, with the texts that the portal ships."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from citizens.enums import Role
from citizens.models import Breach, Register, Unit, User
from tests.factories.citizens import RegisterFactory, UnitFactory
from tests.office.test_breaches import FRIDAY, made, official
from tests.shelf import put_texts


@pytest.fixture(autouse=True)
def _friday() -> Iterator[None]:
    put_texts()
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def register(db: None) -> Register:
    made_here: Register = RegisterFactory(code="OTH")
    return made_here


@pytest.fixture
def incident(register: Register) -> Breach:
    return made(register=register)


@pytest.fixture
def ward(city: Unit) -> Unit:
    unit: Unit = UnitFactory(parent=city)
    return unit


@pytest.fixture
def steward(city: Unit) -> User:
    return official(city, Role.DATA_STEWARD)
