"""`migrate`, as the owner of the tables (MIGRATE_DATABASE_URL): the application may not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from psycopg2.errors import LockNotAvailable

from portal.common import db_roles

# A change of a table waits for all who use it, and all who come after wait for the change.
LOCK_WAIT = "10s"


class Command(DjangoMigrate):
    """Django's command with the owner's rights, then what depends on them: cache table, login."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Migrate; the system checks before it already connect, so they are the owner's too."""
        if options["database"] != "default":
            return super().execute(*args, **options)
        with db_roles.as_owner(), patch.object(ProjectState, "add_model", _add_alone):
            _refuse_another_line()
            with _waiting_briefly():
                output = super().execute(*args, **options)
            if not (options.get("plan") or options.get("check_unapplied")):
                call_command("createcachetable", verbosity=0)
                db_roles.admit_application_login(connection)
        return output


@contextmanager
def _waiting_briefly() -> Iterator[None]:
    """Give up where a table is held for longer than LOCK_WAIT: whoever comes next waits behind us.

    CommandError says what to do; the migration that met the lock was one transaction: it is undone.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_WAIT])
    try:
        yield
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        raise CommandError(
            "Another session holds a table that this migration needs. It gave up after "
            f"{LOCK_WAIT}, so that nobody queues behind it; what it had begun is undone, what was "
            "done before it stands. Run `migrate` again; if it gives up again, look in "
            "pg_stat_activity for the oldest transaction (a back-up, an import, a forgotten psql)."
        ) from error


def _add_alone(state: ProjectState, model: ModelState) -> None:
    """Take a new table into the state of a migration, as `ProjectState.add_model` does.

    Django renders everything that is tied to it anew, a hundred tables for each of a hundred: nine
    tenths of the time of a first migration. What is new is pointed at by nothing yet, and what it
    points at learns of it as when models are imported: one after the other.
    """
    key = model.app_label, model.name_lower
    state.models[key] = model
    if state._relations is not None:  # type: ignore[attr-defined] # the stubs leave it out
        state.resolve_model_relations(key)
    if "apps" in state.__dict__:
        state.apps.render_multiple([model])


def _refuse_another_line() -> None:
    """Raise CommandError where the tables were made by migrations that are no more.

    Such a database has steps of ours that nobody knows and lacks some that are known. One that is
    merely ahead (the portal was put back to an older release) lacks none and is left alone. So
    whoever remakes migrations once more gives one of them a name it never had.
    """
    loader = MigrationLoader(connection)
    applied, known = set(loader.applied_migrations), set(loader.disk_migrations)
    ours = {app for app, name in known if _is_ours(loader, app, name)}
    unknown = sorted(f"{app}.{name}" for app, name in applied - known if app in ours)
    lacking = {app for app, _ in known - applied} & ours
    if unknown and lacking:
        raise CommandError(
            f"This database was made by migrations that are no more ({unknown[0]} and "
            f"{len(unknown) - 1} others); nothing brings it up to date. Until 1.0 migrations may "
            "be remade. Next: `make reset` deletes the trial's data, then `make run` begins anew. "
            "A server of one's own needs an empty database."
        )


def _is_ours(loader: MigrationLoader, app: str, name: str) -> bool:
    module = type(loader.disk_migrations[app, name]).__module__
    return module.split(".")[0] in {"portal", "citizens", "procedures", "notifications", "dossiers"}
