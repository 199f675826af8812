"""Databases beside the benchmark's own, worked on by processes of their own as in operation."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.db import connection

from portal.common import db_roles


def run_on(name: str, *arguments: Any) -> None:
    """Run `manage.py` with these arguments on the database."""
    subprocess.run(  # noqa: S603 - our own commands
        [sys.executable, "manage.py", *map(str, arguments)],
        env=environment(name),
        stdout=subprocess.DEVNULL,
        check=True,
    )


def told_by(name: str, module: str, *arguments: Any) -> str:
    """Return the last line that a module of ours prints, run on the database."""
    told = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", module, *map(str, arguments)],
        env=environment(name),
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.splitlines()[-1]


def environment(name: str) -> dict[str, str]:
    """Return this process's environment with the database in place of its own."""
    return {**os.environ, "DATABASE_URL": _url(name)}


def as_owner(statement: str) -> None:
    """Run a statement about whole databases."""
    with db_roles.as_owner(), connection.cursor() as cursor:
        cursor.execute(statement)


def ask(name: str, statement: str) -> list[tuple[Any, ...]]:
    """Return the rows that the database gives."""
    link = psycopg2.connect(_url(name))
    try:
        with link.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())
    finally:
        link.close()


def _url(name: str) -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{name}"))
