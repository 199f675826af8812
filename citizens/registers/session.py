"""What an import needs of its database session: one import a register, and time to work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils.translation import gettext as _

from portal.common.errors import RefusedError

_LOCKS = 0x1A9047  # the number of our locks in this database; the register's code is the second
_STATEMENT = "30min"  # a statement over three million rows, where a page's may take 30 s


@contextmanager
def held_register(register: str) -> Iterator[None]:
    """Hold the lock of a register while importing; it falls with the session, however that ends.

    RefusedError when another import of the same register is running.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_LOCKS, register])
        if not cursor.fetchone()[0]:
            raise RefusedError(
                _("Another import of this register is running. Try again when it has ended.")
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [_LOCKS, register])


def held_registers() -> set[str]:
    """Return the registers that some session imports at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code FROM citizens_register JOIN pg_locks ON objid = hashtext(code)::oid"
            " WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [_LOCKS],
        )
        return {code for (code,) in cursor.fetchall()}


@contextmanager
def long_statements() -> Iterator[None]:
    """Let statements of this session take long; afterwards the limits of a page hold again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [_STATEMENT])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")
            cursor.execute(
                "DROP TABLE IF EXISTS staged, resolved, problem, found, twice, caught_up,"
                " unit_meant, corrected"
            )
