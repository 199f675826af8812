"""`migrate`, as the owner of the tables (MIGRATE_DATABASE_URL): the application may not."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connection

from portal.common import db_roles


class Command(DjangoMigrate):
    """Django's command with the owner's rights, then what depends on them: cache table, login."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Migrate; the system checks before it already connect, so they are the owner's too."""
        if options["database"] != "default":
            return super().execute(*args, **options)
        with db_roles.as_owner():
            output = super().execute(*args, **options)
            if not (options.get("plan") or options.get("check_unapplied")):
                call_command("createcachetable", verbosity=0)
                db_roles.admit_application_login(connection)
        return output
