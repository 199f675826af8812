"""A migration that meets a held table gives up soon, undoes its step and says what to do."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg2 import extensions

from portal.management.commands import migrate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other() -> Iterator[extensions.connection]:
    """A session of somebody else in the same database."""
    known = connection.settings_dict
    session = psycopg2.connect(
        dbname=known["NAME"], user=known["USER"], host=known["HOST"], port=known["PORT"] or None
    )
    yield session
    session.close()


def gate_columns() -> set[str]:
    with connection.cursor() as cursor:
        return {
            c.name
            for c in connection.introspection.get_table_description(cursor, "notifications_gate")
        }


def test_nobody_queues_behind_a_migration(
    other: extensions.connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_WAIT", "200ms")
    with other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notifications_gate")  # and the transaction stays open

    with pytest.raises(CommandError, match=r"gave up after 200ms.*Run `migrate` again"):
        call_command("migrate", "notifications", "0001_initial", verbosity=0, interactive=False)

    assert "home" in gate_columns()
    other.rollback()
    try:
        call_command("migrate", "notifications", "0001_initial", verbosity=0, interactive=False)
        assert "home" not in gate_columns()
    finally:
        call_command("migrate", verbosity=0, interactive=False)
    assert "home" in gate_columns()
