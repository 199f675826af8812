"""An official at the exchange desk."""

from __future__ import annotations

from django.test import Client

from citizens.enums import Role
from citizens.models import Unit
from tests.factories.citizens import AgencyFactory, GrantFactory, OfficialFactory
from tests.office.places import signed_in


def browser(city: Unit, *roles: Role) -> Client:
    official = OfficialFactory(agency=AgencyFactory(unit=city))
    for role in roles:
        GrantFactory(official=official, role=role, unit=city)
    return signed_in(official.user)
