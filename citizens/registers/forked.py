"""Work that forked processes do side by side, given back in order.

A child is this process as it was at the fork: the same keys, the same hashes of texts, and so the
same results. Of all that is open it keeps its end of a pipe alone (no database, no file), and it
says nothing: what fails there is done again here, so an error comes up as if nobody had helped.
Only SIGKILL reaches a child. It ends with the iterator that it works for, and with this process,
however that ends. Other threads are missing in a child, so `work` must not wait for their locks: it
computes, and neither logs nor asks a database.
"""

from __future__ import annotations

import gc
import marshal
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from portal.processes import tied_to_this_process

_CHILDREN = 2

# Items are plain values: numbers, texts, tuples and lists of them. A result is never empty.
Work = Callable[[Any], bytes]


class ChildEndedError(RuntimeError):
    """A child was ended from outside, by hand or for want of memory."""


def in_order(work: Work, items: Iterable[Any], *, alone: int) -> Generator[bytes, None, None]:
    """Yield `work(item)` for each item in order; all but the first `alone` are done by children.

    One item is read ahead, and each child has one. Close the iterator if it is not exhausted.
    """
    waiting = iter(items)
    yield from map(work, islice(waiting, alone))
    children: deque[_Child] = deque()
    try:
        for item in waiting:
            if len(children) < _CHILDREN:
                gc.freeze()  # or it writes to all that is shared with a child, and so copies it
                children.append(_Child(work))
                children[-1].give(item)
                continue
            done = children[0].take()
            children[0].give(item)
            children.rotate(-1)
            yield done
        for child in children:
            yield child.take()
    finally:
        gc.unfreeze()
        for child in children:
            child.end()


class _Child:
    """One forked process, seen from this side. Give it an item and take the result, in turns."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._item: Any = None
        self._pipe, theirs = Pipe()
        tie = tied_to_this_process(signal.SIGKILL)
        # No handler of this process's may run in the child, not even before its first line.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            self._pid = os.fork()
            if self._pid == 0:
                _serve(work, theirs, tie)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            theirs.close()

    def give(self, item: Any) -> None:
        self._item = item
        try:
            self._pipe.send_bytes(marshal.dumps(item))
        except OSError:
            raise self._ended() from None

    def take(self) -> bytes:
        try:
            done = self._pipe.recv_bytes()
        except (EOFError, OSError):
            raise self._ended() from None
        return done or self._work(self._item)

    def end(self) -> None:
        self._pipe.close()
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)

    def _ended(self) -> ChildEndedError:
        return ChildEndedError(f"the process {self._pid}, which helped this one, was ended")


def _serve(work: Work, pipe: Connection, tie: Callable[[], None]) -> NoReturn:
    """Work until the other end is closed; leave without what a process does at its end."""
    try:
        tie()
        os.closerange(3, pipe.fileno())
        os.closerange(pipe.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
        gc.disable()  # it looks at all that is shared with the parent, and so copies it
        while True:
            pipe.send_bytes(_tried(work, marshal.loads(pipe.recv_bytes())))  # noqa: S302 - our own
    finally:
        os._exit(0)


def _tried(work: Work, item: Any) -> bytes:
    try:
        return work(item)
    except Exception:  # comes again in the parent, and is told there
        return b""
