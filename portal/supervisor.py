"""Several child processes in one terminal: prefixed output, restarts, an orderly end.

Everything happens in the main thread, because the kernel ties a child to the thread that made it.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import TextIO

from portal.processes import tied_to_this_process

_MOST_RESTARTS = 3
_STOP_SECONDS = 8.0


@dataclass
class Child:
    """One program to keep running. It gets `orphaned` when the supervisor itself is killed.

    One that `waits` is started by `Supervisor.release`; one that `is_once` may end by itself.
    """

    name: str
    command: Sequence[str]
    orphaned: signal.Signals = signal.SIGTERM
    waits: bool = False
    is_once: bool = False
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    restarts: int = 0
    unfinished: bytes = field(default=b"", repr=False)


class Supervisor:
    """Run children until a signal asks to stop, or one of them cannot be kept alive.

    `tick` is called about twice a second; a sentence from it ends everything (a server died).
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        environment: Mapping[str, str],
        tick: Callable[[], str | None],
        output: TextIO = sys.stdout,
    ) -> None:
        self._children = children
        self._environment = dict(environment)
        self._tick = tick
        self._output = output
        self._selector = selectors.DefaultSelector()
        self._width = max(len(child.name) for child in children)
        self._asked_to_stop = False

    def run(self) -> str | None:
        """Start all, serve, stop all in reverse order; return why it ended, None for a signal."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        reason: str | None = None
        try:
            for child in self._children:
                if not child.waits:
                    self._start(child)
            while not self._asked_to_stop and reason is None:
                self._pump(0.5)
                reason = self._tick() or self._revive()
        finally:
            self.say("stopping …")
            self._stop_all()
        return reason

    def release(self) -> None:
        """Start those that wait: what the others need first has been served."""
        for child in self._children:
            if child.process is None:
                self._start(child)

    def say(self, line: str) -> None:
        """Print one line of the supervisor's own."""
        self._print("run", line)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop = True

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(  # noqa: S603
            child.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self._environment,
            start_new_session=True,  # Ctrl-C reaches this process only, which stops them in order
            preexec_fn=tied_to_this_process(child.orphaned),
        )
        assert child.process.stdout is not None  # noqa: S101
        os.set_blocking(child.process.stdout.fileno(), False)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _revive(self) -> str | None:
        """Start again what ended; return a sentence where that has been tried too often."""
        for child in self._children:
            if child.process is None or child.process.poll() is None or child.is_once:
                continue
            code = child.process.returncode
            if child.restarts == _MOST_RESTARTS:
                return f"{child.name} ended again (exit {code}); see its lines above."
            child.restarts += 1
            self._close(child)
            self.say(f"{child.name} ended (exit {code}); starting it again.")
            time.sleep(0.5 * child.restarts)
            self._start(child)
        return None

    def _pump(self, seconds: float) -> None:
        """Pass on what the children print, for at most `seconds`."""
        for key, _ in self._selector.select(seconds):
            child: Child = key.data
            if chunk := os.read(key.fd, 65536):
                *lines, child.unfinished = (child.unfinished + chunk).split(b"\n")
                for line in lines:
                    self._print(child.name, line.decode(errors="replace"))
            else:
                self._selector.unregister(key.fileobj)

    def _stop_all(self) -> None:
        deadline = time.monotonic() + _STOP_SECONDS
        for child in reversed(self._children):
            process = child.process
            if process is None:
                continue
            with suppress(ProcessLookupError):
                process.terminate()
            while process.poll() is None and time.monotonic() < deadline:
                self._pump(0.05)
            # Its own grandchildren too, should it have left some behind.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self._pump(0)
            self._close(child)

    def _close(self, child: Child) -> None:
        if child.process is None or child.process.stdout is None:
            return
        with suppress(KeyError, ValueError):
            self._selector.unregister(child.process.stdout)
        child.process.stdout.close()
        child.unfinished = b""

    def _print(self, name: str, line: str) -> None:
        with suppress(BrokenPipeError):
            self._output.write(f"{name:<{self._width}} │ {line}\n")
            self._output.flush()
