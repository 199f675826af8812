"""Officials of one agency and of others, for what happens between their desks."""

from __future__ import annotations

from datetime import timedelta

from citizens.enums import Role
from citizens.models import Official, User
from dossiers.enums import Action
from dossiers.models import Dossier
from tests.dossiers.scene import FRIDAY, Scene, step
from tests.factories.citizens import AgencyFactory, GrantFactory, OfficialFactory, UnitFactory

TODAY = FRIDAY.date()
MONDAY = FRIDAY + timedelta(days=3)


def elsewhere(scene: Scene, *roles: Role) -> User:
    """Return an official of a ward's office, which never decides the scene's dossier."""
    ward = UnitFactory(parent=scene.city)
    official: Official = OfficialFactory(agency=AgencyFactory(kind__key="ubnd_xa", unit=ward))
    for role in roles or (Role.RECEPTIONIST,):
        GrantFactory(official=official, role=role)
    return official.user


def processing(scene: Scene, officer: User | None = None) -> Dossier:
    """Return the scene's dossier being processed by `officer`."""
    who = officer or scene.officer()
    return step(step(scene.submit(), Action.RECEIVE, who), Action.START_PROCESSING, who)
