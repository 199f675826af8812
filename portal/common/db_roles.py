"""Three database roles: the owner migrates, `portal_app` works, `portal_citizen` reads.

Every connection of the application carries `-c role=portal_app`, so that even a superuser's URL has
only that role's rights. The first migration creates the role; later ones take rights away from it.
A citizen's page steps down to `portal_citizen` (portal.common.row_security), which may only read:
the tables that a migration names, and of those under row security only that person's rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations import RunSQL

APP_ROLE = "portal_app"
CITIZEN_ROLE = "portal_citizen"

# A role belongs to the whole cluster, so two databases may create it at once, and a server that an
# administrator prepared has it already. A superuser and a member need no grant to take it on.
_CREATE_ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_app') THEN
        BEGIN
            CREATE ROLE portal_app NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
       AND NOT EXISTS (
           SELECT FROM pg_auth_members
           WHERE roleid = 'portal_app'::regrole AND member = current_user::regrole
             AND (to_jsonb(pg_auth_members) ->> 'set_option') IS DISTINCT FROM 'false'
       )
    THEN
        EXECUTE format('GRANT portal_app TO %I', current_user);
    END IF;
END
$$;
"""

_GRANT_USE = f"""
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {APP_ROLE};
"""

_REVOKE_USE = f"""
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM {APP_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    REVOKE USAGE, SELECT, UPDATE ON SEQUENCES FROM {APP_ROLE};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {APP_ROLE};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {APP_ROLE};
REVOKE USAGE ON SCHEMA public FROM {APP_ROLE};
"""


def create_app_role() -> RunSQL:
    """Return the operation that creates the role and grants it this schema, now and later.

    Put it first in the first migration: every table made afterwards is granted by default.
    Reversing takes the grants back and leaves the role, which other databases may use.
    """
    return RunSQL([_CREATE_ROLE, _GRANT_USE], [_REVOKE_USE])


# Whoever may become portal_app may then become portal_citizen, but does not read by its policies
# (from PostgreSQL 16 on a membership tells the two apart; before, they add nothing to "all rows").
# Two databases of a cluster may do this at once.
_CREATE_CITIZEN_ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_citizen') THEN
        BEGIN
            CREATE ROLE portal_citizen NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    IF NOT pg_has_role('portal_app', 'portal_citizen', 'MEMBER') THEN
        BEGIN
            IF current_setting('server_version_num')::int >= 160000 THEN
                EXECUTE 'GRANT portal_citizen TO portal_app WITH INHERIT FALSE, SET TRUE';
            ELSE
                GRANT portal_citizen TO portal_app;
            END IF;
        EXCEPTION WHEN unique_violation OR internal_error THEN
            NULL;
        END;
    END IF;
END
$$;
"""
_GRANT_READING = f"GRANT USAGE ON SCHEMA public TO {CITIZEN_ROLE}"
_REVOKE_READING = f"""
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {CITIZEN_ROLE};
REVOKE USAGE ON SCHEMA public FROM {CITIZEN_ROLE};
"""


def create_citizen_role() -> RunSQL:
    """Return the operation that creates the role of citizens' pages: it reads, never writes.

    It reads the tables that migrations name with `citizens_may_read`, and no other.
    So a page that writes without `with_application_rights` fails at once, instead of not finding
    the rows that row security hides. Reversing takes the grants back and leaves the role.
    """
    return RunSQL([_CREATE_CITIZEN_ROLE, _GRANT_READING], [_REVOKE_READING])


def citizens_may_read(*tables: str) -> RunSQL:
    """Return the operation that lets citizens' pages read these tables: all rows, or a policy's."""
    names = ", ".join(tables)
    return RunSQL(
        f"GRANT SELECT ON {names} TO {CITIZEN_ROLE}",
        f"REVOKE SELECT ON {names} FROM {CITIZEN_ROLE}",  # noqa: S608 - names of tables
    )


def row_security(table: str, *, rows_of_the_person: str) -> RunSQL:
    """Return the operation after which citizens' pages see those rows of `table` only.

    `rows_of_the_person` is a condition in SQL over the table's columns, built from the texts of
    portal.common.row_security. The application itself goes on seeing and writing every row, but can
    no longer COPY into the table: PostgreSQL refuses that under row security.
    """
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY application ON {table} TO {APP_ROLE} USING (true) WITH CHECK (true);
        CREATE POLICY citizen ON {table} FOR SELECT TO {CITIZEN_ROLE} USING ({rows_of_the_person});
        """,
        f"""
        DROP POLICY citizen ON {table};
        DROP POLICY application ON {table};
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def append_only(table: str) -> RunSQL:
    """Return the operation after which the application can only read and add rows of `table`."""
    name = '"' + table.replace('"', '""') + '"'
    return RunSQL(
        f"REVOKE UPDATE, DELETE, TRUNCATE ON TABLE {name} FROM {APP_ROLE};",
        f"GRANT UPDATE, DELETE ON TABLE {name} TO {APP_ROLE};",
    )


def use_owner(alias: str = "default") -> None:
    """Make the next statements of this process connect as the owner of the tables."""
    _connect_with(alias, settings.OWNER_DATABASE)


def use_application(alias: str = "default") -> None:
    """Make the next statements of this process connect with the application's rights."""
    _connect_with(alias, settings.APPLICATION_DATABASE)


@contextmanager
def as_owner(alias: str = "default") -> Iterator[None]:
    """Run a block as the owner: migrations and what else changes the schema."""
    before = dict(connections[alias].settings_dict)
    use_owner(alias)
    try:
        yield
    finally:
        _connect_with(alias, before)


def _connect_with(alias: str, target: Mapping[str, Any]) -> None:
    """Close the connection and change whom it opens as; its database's name stays (tests)."""
    connection = connections[alias]
    connection.close()
    for key in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS"):
        connection.settings_dict[key] = target[key]


def admit_application_login(connection: BaseDatabaseWrapper) -> None:
    """Let the application's login (DATABASE_URL) take its role on, where it is not the owner's."""
    login = settings.APPLICATION_DATABASE["USER"]
    if not login or login == settings.OWNER_DATABASE["USER"]:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [login, APP_ROLE])
        if not cursor.fetchone()[0]:
            cursor.execute(f"GRANT {APP_ROLE} TO {connection.ops.quote_name(login)}")
