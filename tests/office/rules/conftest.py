"""An editor of the catalogue, the rules, and a draft that waits in the form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from citizens.enums import Role
from citizens.models import Unit, User
from portal.common import clock
from procedures.services.write_rule_draft import write_rule_draft
from tests.factories.citizens import (
    GrantFactory,
    OfficialFactory,
    RegisterFactory,
    UnitFactory,
)
from tests.factories.procedures import ProcedureVersionFactory, catalogue, version_of
from tests.office.places import signed_in
from tests.office.rules.editing import Editor

Edit = Callable[..., Editor]
CatalogueEditor = Callable[[], User]


@pytest.fixture
def make_editor(city: Unit) -> CatalogueEditor:
    """Make officials who may write rules."""

    def make() -> User:
        holder = OfficialFactory()
        GrantFactory(official=holder, role=Role.CATALOGUE_EDITOR, unit=city)
        user: User = holder.user
        return user

    return make


@pytest.fixture
def author(make_editor: CatalogueEditor) -> User:
    """The official who writes."""
    return make_editor()


@pytest.fixture
def client(author: User) -> Client:
    """The author's browser."""
    return signed_in(author)


@pytest.fixture
def edit(author: User, client: Client, city: Unit) -> Edit:
    """Begin a draft of a rule and open it."""
    UnitFactory(parent=city, code="20194", name_vi="Phường Hải Châu")

    def begin(key: str = "driving_licence_renewal") -> Editor:
        for code in ("2.002913", "1.003197"):
            named = next(one.key for one in catalogue().procedures if one.code == code)
            ProcedureVersionFactory(procedure__key=named)
        RegisterFactory(code="INS")
        draft = write_rule_draft(rule=version_of(key).rule, by=author, day=clock.today())
        return Editor(client, draft).open()

    return begin
