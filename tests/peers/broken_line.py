"""A peer whose line breaks: a bare TCP socket on the loopback that does what no server would.

It speaks no protocol of its own. A `Line` is a function of an accepted connection; without one,
connections are made by the system and nobody ever takes them.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

Line = Callable[[socket.socket], None]
_PATIENCE = 10.0


class BrokenLine:
    """Listens at `port` between `with` and its end; `heard` is all that came in, a call each."""

    def __init__(self, line: Line | None) -> None:
        """Say what happens to each connection."""
        self._line = line
        self.heard: list[bytes] = []
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port = int(self._socket.getsockname()[1])
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        if self._line is not None:
            self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(_PATIENCE)

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(_PATIENCE)
            if self._line is not None:
                self._line(connection)

    # ------------------------------------------------------------------------- what lines do
    def reads(self, connection: socket.socket) -> None:
        """Read what comes at once and keep it."""
        self.heard.append(connection.recv(64 * 1024))

    def stays_silent(self, connection: socket.socket) -> None:
        """Read, and say nothing until the end."""
        self.reads(connection)
        self._ended.wait(_PATIENCE)

    def says_and_hangs_up(self, words: bytes) -> Line:
        """Read, say this much and close."""

        def line(connection: socket.socket) -> None:
            self.reads(connection)
            connection.sendall(words)

        return line

    def says_and_stays(self, words: bytes) -> Line:
        """Read, say this much and nothing more, with the connection open."""

        def line(connection: socket.socket) -> None:
            self.reads(connection)
            connection.sendall(words)
            self._ended.wait(_PATIENCE)

        return line

    def drips(self, words: bytes) -> Line:
        """Read, say this, and then a letter every 20 ms for ever."""

        def line(connection: socket.socket) -> None:
            self.reads(connection)
            connection.sendall(words)
            while not self._ended.is_set():
                connection.sendall(b" ")
                time.sleep(0.02)

        return line

    def resets(self, connection: socket.socket) -> None:
        """Read, and break the line without a good-bye (RST)."""
        self.reads(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def plays(self, *answers: bytes) -> Line:
        """Say the first, then one more after each thing that comes in; close with the last."""

        def line(connection: socket.socket) -> None:
            first, *others = answers
            connection.sendall(first)
            for answer in others:
                self.reads(connection)
                connection.sendall(answer)

        return line

    def use(self, line: Line) -> None:
        """Treat connections so from now on."""
        self._line = line
        if self._threads[0].ident is None:
            self._threads[0].start()
