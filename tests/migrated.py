"""A cluster that is migrated already, kept between runs in pytest's own cache.

Migrating takes longer than a hundred tests. A run that finds no cluster of today's migrations makes
one and keeps it; its workers, and those of later runs, clone the database TEMPLATE. Django still
migrates each clone, so a migration that came meanwhile is applied; a changed one is another key.
`pytest --cache-clear` forgets it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2

from portal.embedded import DATABASE, OWNER, Place

TEMPLATE = "migrated"
_PROJECT = Path(__file__).resolve().parent.parent
# What says how a migrated database looks: migrations, what they import, settings, versions.
_SOURCES = (
    "*/migrations/*.py",
    "portal/*/migrations/*.py",
    "*/enums.py",
    "portal/*/enums.py",
    "citizens/models/parties.py",
    "portal/common/*.py",
    "portal/management/**/*.py",
    "portal/settings/*.py",
    "portal/embedded.py",
    "requirements/base.txt",
    "requirements/embedded.txt",
)


def seed_in(cache: Path) -> Path:
    """Return where the cluster of today's migrations is kept, whether it is there or not."""
    digest = hashlib.sha256(os.environ.get("PORTAL_PG_BIN", "").encode())
    for path in sorted(set(_sources())):
        digest.update(str(path.relative_to(_PROJECT)).encode() + path.read_bytes())
    return cache / digest.hexdigest()[:16]


def migrate_template(place: Place) -> None:
    """Make the database TEMPLATE on the running servers of `place` and migrate it."""
    connection = psycopg2.connect(dbname=DATABASE, user=OWNER, host=str(place.sockets))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {TEMPLATE}")
    connection.close()
    url = place.database_url.replace(f"/{DATABASE}?", f"/{TEMPLATE}?")
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity=0"],
        cwd=_PROJECT,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "portal.settings.test", "TEST_DATABASE_URL": url},
        check=True,
    )


def keep(place: Place, seed: Path) -> None:
    """Keep the stopped cluster of `place` as `seed`, and nothing older; the first run wins."""
    half = seed.with_name(f"{seed.name}-{os.getpid()}")
    shutil.copytree(place.pg_data.resolve(), half)
    try:
        half.rename(seed)
    except OSError:
        shutil.rmtree(half, ignore_errors=True)
    for other in seed.parent.iterdir():
        if not other.name.startswith(seed.name):
            shutil.rmtree(other, ignore_errors=True)


def _sources() -> Iterator[Path]:
    for pattern in _SOURCES:
        yield from _PROJECT.glob(pattern)
