"""What an import needs of its database session: one import a register, and time to work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils.translation import gettext as _

from portal.common.errors import RefusedError

_LOCKS = 0x1A9047  # the number of our locks in this database; the register's code is the second
_SECOND = _LOCKS + 1  # of an import's second session: it may outlive a killed one by a statement
_ALIVE = "1s"  # how often a statement looks whether a kill -9 has left it without an import
_STATEMENT = "30min"  # a statement over three million rows, where a page's may take 30 s


@contextmanager
def held_register(register: str) -> Iterator[None]:
    """Hold the lock of a register while importing; it falls with the session, however that ends.

    RefusedError when another import of the same register is running.
    """
    if not _try(_LOCKS, register):
        raise RefusedError(_is_running())
    try:
        if not _try(_SECOND, register):
            raise RefusedError(_is_running())
        _unlock(_SECOND, register)
        yield
    finally:
        _unlock(_LOCKS, register)


def _try(lock: int, register: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [lock, register])
        return bool(cursor.fetchone()[0])


def _unlock(lock: int, register: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [lock, register])


def _is_running() -> str:
    return _("Another import of this register is running. Try again when it has ended.")


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
    _allow_long()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout; RESET client_connection_check_interval")
            cursor.execute(
                "DROP TABLE IF EXISTS staged, resolved, problem, found, twice, caught_up,"
                " unit_meant, corrected, named, homes, living"
            )


def enter_as_second(register: str) -> None:
    """Make this session the second one of an import that holds the register."""
    _allow_long()
    if not _try(_SECOND, register):
        raise RefusedError(_is_running())


def _allow_long() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, false),"
            " set_config('client_connection_check_interval', %s, false)",
            [_STATEMENT, _ALIVE],
        )
