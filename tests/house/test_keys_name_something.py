"""A key that the database does not check row by row names what the application cannot delete."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models

from portal.common.db_roles import APP_ROLE

pytestmark = pytest.mark.django_db


def unchecked() -> dict[str, set[str]]:
    """Return the tables that unchecked keys point to, with the columns that do."""
    found: dict[str, set[str]] = {}
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and not getattr(field, "db_constraint", True):
                target = field.related_model._meta.db_table
                found.setdefault(target, set()).add(f"{model._meta.db_table}.{field.column}")
    return found


def test_nobody_deletes_what_unchecked_keys_name() -> None:
    tables = unchecked()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s) name WHERE has_table_privilege(%s, name, 'DELETE')",
            [list(tables), APP_ROLE],
        )
        deletable = {name: sorted(tables[name]) for (name,) in cursor.fetchall()}

    assert "citizens_party" in tables
    assert not deletable, deletable.keys()
