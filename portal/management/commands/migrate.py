"""`migrate`, as the owner of the tables (MIGRATE_DATABASE_URL); the application cannot change them."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connection

from portal.common import db_roles


class Command(DjangoMigrate):
    """Django's command with the owner's rights, then what depends on them: cache table, login."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; a distinct login of the application is made a member of its role."""
        is_main = options["database"] == "default"
        if not is_main:
            return super().handle(*args, **options)
        with db_roles.as_owner():
            super().handle(*args, **options)
            if not (options["plan"] or options["check_unapplied"]):
                call_command("createcachetable", verbosity=0)
                db_roles.admit_application_login(connection)
        return None
