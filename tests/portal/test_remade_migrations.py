"""A database of migrations that are no more is refused in words; one that is ahead is not."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from portal.common import db_roles

pytestmark = pytest.mark.django_db(transaction=True)


def _migrate(*, gone: str, without: str = "") -> None:
    """Migrate as if `gone` had been applied to this database, and `without` never."""
    recorder = MigrationRecorder(connection)
    with db_roles.as_owner():
        recorder.record_applied("common", gone)
        if without:
            recorder.record_unapplied("common", without)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        with db_roles.as_owner():
            recorder.record_unapplied("common", gone)
            if without:
                recorder.record_applied("common", without)


def test_a_database_of_remade_migrations_is_told_the_next_step() -> None:
    with pytest.raises(CommandError, match=r"common\.0001_foundation.*`make reset`"):
        _migrate(gone="0001_foundation", without="0001_initial")


def test_a_database_that_is_ahead_is_left_alone() -> None:
    _migrate(gone="0099_of_a_later_release")
