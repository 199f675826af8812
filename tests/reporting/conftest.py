"""The city of the tests of figures; a test with another one names its own."""

from __future__ import annotations

import pytest

from citizens.enums import Role
from citizens.models import Agency, Unit, User
from tests.factories.citizens import AgencyFactory
from tests.office.places import make_house
from tests.reporting.officials import person


@pytest.fixture
def city(db: None) -> Unit:
    return make_house()


@pytest.fixture
def department(city: Unit) -> Agency:
    made: Agency = AgencyFactory(unit=city, kind__key="so_xay_dung", name_vi="Sở Xây dựng")
    return made


@pytest.fixture
def editor(city: Unit) -> User:
    return person(city, Role.CATALOGUE_EDITOR)
