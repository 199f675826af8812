"""Production's way: one login owns the tables, another one works; neither is a superuser."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from portal.embedded import DATABASE, Place, Servers

PROJECT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def migrated() -> Iterator[Place]:
    """A cluster that an administrator prepared with two logins, migrated by the owner."""
    place = Place(Path(f"/tmp/portal-test-{os.getpid()}-{time.monotonic_ns()}"))  # noqa: S108
    servers = Servers(place, durable=False)
    try:
        servers.start()
        with psycopg2.connect(place.database_url) as connection, connection.cursor() as cursor:
            cursor.execute("DROP ROLE portal_app")
            cursor.execute("CREATE ROLE portal_owner LOGIN CREATEROLE")
            cursor.execute("CREATE ROLE portal_login LOGIN")
            cursor.execute(f"ALTER DATABASE {DATABASE} OWNER TO portal_owner")
            cursor.execute("ALTER SCHEMA public OWNER TO portal_owner")
        connection.close()
        environment = os.environ | {
            "PORTAL_MODE": "demo",
            "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
            "DATABASE_URL": login(place, "portal_login"),
            "MIGRATE_DATABASE_URL": login(place, "portal_owner"),
        }
        for _ in ("the first time", "again"):
            done = subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                cwd=PROJECT,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
        yield place
    finally:
        servers.stop()
        place.remove()


def login(place: Place, user: str) -> str:
    return place.database_url.replace("postgresql://portal@", f"postgresql://{user}@")


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("SELECT count(*) FROM citizens_citizen", True),
        ("SELECT count(*) FROM guard_cache", True),
        ("DELETE FROM django_session", True),
        ("UPDATE citizens_accesslog SET purpose = ''", False),
        ("DELETE FROM citizens_accesslog", False),
        ("TRUNCATE citizens_accesslog", False),
        ("ALTER TABLE citizens_accesslog DISABLE TRIGGER ALL", False),
        ("CREATE TABLE planted (id int)", False),
        ("SET ROLE portal_owner", False),
        ("SET ROLE portal_citizen; SELECT count(*) FROM citizens_citizen", True),
        ("SET ROLE portal_citizen; SELECT count(*) FROM django_session", False),
        ("SET ROLE portal_citizen; UPDATE notifications_message SET reason = ''", False),
        ("SET ROLE portal_citizen; DELETE FROM django_session", False),
    ],
)
def test_the_applications_login_has_its_role_and_no_more(
    migrated: Place, statement: str, allowed: bool
) -> None:
    connection = psycopg2.connect(login(migrated, "portal_login"), options="-c role=portal_app")
    try:
        with connection.cursor() as cursor:
            if allowed:
                cursor.execute(statement)
            else:
                with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(statement)
    finally:
        connection.close()
