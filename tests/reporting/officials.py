"""Officials of the tests of figures, each with one role over a unit."""

from __future__ import annotations

from citizens.enums import Role
from citizens.models import Unit, User
from tests.factories.citizens import AgencyFactory, GrantFactory, OfficialFactory


def person(unit: Unit, role: Role) -> User:
    """Return the account of an official who has the role in the unit."""
    official = OfficialFactory(agency=AgencyFactory(unit=unit, kind__key=f"of_{role}"))
    GrantFactory(official=official, role=role, unit=unit)
    user: User = official.user
    return user
