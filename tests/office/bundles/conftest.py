"""An editor of the catalogue, the procedures of a bundle, and a draft that waits in the form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from citizens.models import Unit, User
from portal.common import clock
from procedures.services.write_bundle_draft import write_bundle_draft
from tests.factories.procedures import (
    BundleVersionFactory,
    ProcedureVersionFactory,
    bundle_definition,
    catalogue,
)
from tests.office.bundles.editing import BundleEditor
from tests.office.rules.conftest import author, client, make_editor

__all__ = ["author", "client", "make_editor"]

Edit = Callable[..., BundleEditor]


def in_force(key: str) -> None:
    """Put a bundle of the catalogue and all procedures that it names into force."""
    bundle = bundle_definition(key)
    named = {*bundle.codes, bundle.linked_procedure}
    for procedure in catalogue().procedures:
        if procedure.code in named:
            ProcedureVersionFactory(procedure__key=procedure.key)
    BundleVersionFactory(bundle__key=key)


@pytest.fixture
def edit(author: User, client: Client, city: Unit) -> Edit:
    """Begin a draft of a bundle and open it."""

    def begin(key: str = "birth") -> BundleEditor:
        in_force(key)
        bundle = BundleVersionFactory._meta.model.objects.get(bundle__key=key).bundle
        draft = write_bundle_draft(bundle=bundle, by=author, day=clock.today())
        return BundleEditor(client, draft).open()

    return begin
