"""`migrate`, as the owner of the tables (MIGRATE_DATABASE_URL): the application may not."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from portal.common import db_roles


class Command(DjangoMigrate):
    """Django's command with the owner's rights, then what depends on them: cache table, login."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Migrate; the system checks before it already connect, so they are the owner's too."""
        if options["database"] != "default":
            return super().execute(*args, **options)
        with db_roles.as_owner(), patch.object(ProjectState, "add_model", _add_alone):
            _refuse_another_line()
            output = super().execute(*args, **options)
            if not (options.get("plan") or options.get("check_unapplied")):
                call_command("createcachetable", verbosity=0)
                db_roles.admit_application_login(connection)
        return output


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
