"""A large delivery is worked on in two sessions at once: one connection uses one core.

Each session holds the rows of half of the keys in temporary tables of its own, and does with them
what the only session of a small delivery does with all. The second one belongs to a thread, so
`connection` is each one's own; it ends with the import, however that ends.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from typing import BinaryIO, TypeVar

import psycopg2
from django.db import connection, connections

from citizens.registers.session import enter_as_second
from portal.common.sql import DEFAULT

T = TypeVar("T")
_AT_ONCE = 1 << 20


class Sessions:
    """The sessions of one import: here this thread's alone."""

    count = 1

    def each(self, *works: Callable[[], T]) -> list[T]:
        """Do one piece of work in each session at the same time; in one session, one by one.

        All of it has ended when this returns or raises; the first error is raised.
        """
        return [work() for work in works]

    def all(self, work: Callable[[], T]) -> list[T]:
        """Do the same work in every session at the same time."""
        return self.each(*[work] * self.count)

    def hand_over(self, table: str, columns: str, *, to: int) -> None:
        """Give session `to` (0 is this thread's) what the other has in the same table too."""


class _Pair(Sessions):
    """This thread's session, and that of a thread which does nothing else."""

    count = 2

    def __init__(self, thread: ThreadPoolExecutor, register: str) -> None:
        self._thread = thread
        thread.submit(enter_as_second, register).result()
        self._second = thread.submit(lambda: connections[DEFAULT]).result()

    def each(self, *works: Callable[[], T]) -> list[T]:
        here, there = works
        running = self._thread.submit(copy_context().run, there)
        try:
            done = here()
        except BaseException as failed:
            self._cancel()  # nobody waits for what it is doing
            other = running.exception()
            if other is not None and self._is_lost():
                raise other from failed  # this had nobody to work with any more
            raise
        return [done, running.result()]

    def _cancel(self) -> None:
        with suppress(psycopg2.Error):  # lost between the two lines
            if not self._is_lost():
                self._second.connection.cancel()

    def _is_lost(self) -> bool:
        link = self._second.connection
        return link is None or bool(link.closed)

    def hand_over(self, table: str, columns: str, *, to: int) -> None:
        read, write = os.pipe()

        def give() -> None:
            with os.fdopen(write, "wb") as end:
                _copy(f"COPY {table} ({columns}) TO STDOUT (FORMAT binary)", end)

        def take() -> None:
            with os.fdopen(read, "rb") as end:
                _copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT binary)", end)

        self.each(*((take, give) if to == 0 else (give, take)))


def _copy(statement: str, end: BinaryIO) -> None:
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert(statement, end, _AT_ONCE)


ALONE = Sessions()


@contextmanager
def sessions(register: str, *, is_large: bool) -> Iterator[Sessions]:
    """Give this thread's session, and beside it a second one where there is much to do.

    Inside a transaction there is one: another session does not see what it wrote.
    """
    if not is_large or connection.in_atomic_block:
        yield ALONE
        return
    with ThreadPoolExecutor(1, "second-session") as thread:
        try:
            yield _Pair(thread, register)
        finally:
            thread.submit(lambda: connection.close()).result()
