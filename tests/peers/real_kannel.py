"""Kannel itself: Debian's bearerbox and smsbox, with the fake SMSC of its makers behind them.

`python -m tests.peers.real_kannel` says whether it is there, and installs it where we are root; in
CI a missing Kannel fails.
"""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote_to_bytes

import pytest

from portal.processes import tied_to_this_process
from tests.debian import in_ci, install

FAKE_SMSC = Path("/usr/lib/kannel/test/fakesmsc")
MISSING = "Kannel is not installed; as root: apt-get install kannel kannel-extras"
_LINE = re.compile(r"Got message \d+: <(\S+) (\S+) (.*)>$")
_SECONDS = 15.0
_CONFIG = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = {secret}
smsbox-port = {box}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
box-deny-ip = "*.*.*.*"
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = fake
port = {smsc}
our-host = 127.0.0.1
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
mo-recode = true
http-request-retry = 5
http-queue-delay = 1
max-pending-requests = 8

group = sendsms-user
username = portal
password = {secret}
max-messages = 10
concatenation = true

group = sms-service
keyword = default
catch-all = true
get-url = "{inbound}?from=%p&to=%P&text=%a&id=%I"
max-messages = 0
"""


@dataclass(frozen=True)
class Arrived:
    """One text as a telephone shows it, put together again from its parts."""

    sender: str
    receiver: str
    text: str
    part_count: int


def find_kannel() -> bool:
    """Return whether everything is there."""
    boxes = all(shutil.which(name, path="/usr/sbin:/usr/bin") for name in ("bearerbox", "smsbox"))
    return boxes and FAKE_SMSC.exists()


def require_kannel() -> None:
    """Skip the test where Kannel is missing; in CI that is a failure."""
    if not find_kannel():
        (pytest.fail if in_ci() else pytest.skip)(MISSING)


class RealKannel:
    """Runs between `with` and its end, on free ports of the loopback, its files in one folder."""

    def __init__(self, folder: Path, *, inbound: str) -> None:
        """Choose ports; what telephones answer goes to the address `inbound`."""
        self._folder, self._inbound = folder, inbound
        self._ports = dict(zip(("admin", "box", "smsc", "sendsms"), _free_ports(4), strict=True))
        self._running: list[subprocess.Popen[bytes]] = []
        self._logs = 0

    def url(self, *, secret: str = "") -> str:
        """Return the SMS_URL that leads here; `secret` may be a wrong one."""
        at = f"127.0.0.1:{self._ports['sendsms']}"
        return f"kannel+http://portal:{secret or 'p%40ss'}@{at}/cgi-bin/sendsms?from=8049&dlr=1"

    def __enter__(self) -> Self:
        config = self._folder / "kannel.conf"
        config.write_text(_CONFIG.format(**self._ports, secret="p@ss", inbound=self._inbound))
        try:
            self._start("bearerbox", str(config))
            _wait_for(lambda: _listens(self._ports["box"]))
            self._start("smsbox", str(config))
            _wait_for(lambda: _listens(self._ports["sendsms"]))
            self._connect_smsc()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def arrived(self, count: int) -> list[Arrived]:
        """Wait until so many texts have come whole to the telephones; return all that have."""
        _wait_for(lambda: len(self._whole()) >= count)
        return self._whole()

    def phone_says(self, sender: str, text: str) -> None:
        """Let a telephone send a text to the short number; accents travel as UCS-2."""
        is_plain = text.isascii()
        data = "".join(f"%{byte:02X}" for byte in text.encode("utf-16-be"))
        leaving = self._running.pop()  # it says its words when it starts
        leaving.terminate()
        leaving.wait()
        self._connect_smsc(
            f"{sender} 8049 {'text' if is_plain else 'ucs2'} {text if is_plain else data}"
        )

    def kill_smsbox(self) -> None:
        """Let the box that speaks HTTP die in the middle of whatever it does, and start anew."""
        config, box = str(self._folder / "kannel.conf"), self._running[1]
        box.kill()
        box.wait()
        self._start("smsbox", config)
        self._running[1] = self._running.pop()
        _wait_for(lambda: _listens(self._ports["sendsms"]))

    def _connect_smsc(self, words: str = "") -> None:
        says = "1" if words else "0"
        port = str(self._ports["smsc"])
        command = [str(FAKE_SMSC), "-H", "127.0.0.1", "-r", port, "-i", "0.01", "-m", says]
        self._run([*command, words or "0 0 text nothing"])
        log = self._log(self._logs)
        _wait_for(lambda: b"Connecting to" in log.read_bytes())
        time.sleep(0.2)  # the bearerbox takes one connection after the other

    def _start(self, box: str, config: str) -> None:
        self._run([f"/usr/sbin/{box}", "-v", "2", config])

    def _run(self, command: list[str]) -> None:
        self._logs += 1
        with self._log(self._logs).open("wb") as log:
            self._running.append(
                subprocess.Popen(  # noqa: S603 - Debian's programs
                    command,
                    cwd=self._folder,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    preexec_fn=tied_to_this_process(signal.SIGKILL),
                )
            )

    def _log(self, number: int) -> Path:
        return self._folder / f"{number}.log"

    def _stop(self) -> None:
        for process in reversed(self._running):
            process.terminate()
        for process in self._running:
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _whole(self) -> list[Arrived]:
        """Return every text of which all parts are there, in the order of their last parts."""
        whole: list[Arrived] = []
        parts: dict[tuple[str, int], dict[int, bytes]] = {}
        lines = [
            line
            for number in range(3, self._logs + 1)
            for line in self._log(number).read_text("utf-8", "replace").splitlines()
        ]
        for sender, receiver, body in (m.groups() for line in lines if (m := _LINE.search(line))):
            kind, _space, data = body.partition(" ")
            if kind != "udh":
                text = data if kind == "text" else _bytes(data).decode("utf-16-be")
                whole.append(Arrived(sender, receiver, text, 1))
                continue
            header, _data, rest = data.partition(" data ")
            *_, number, count, place = _bytes(header)
            found = parts.setdefault((receiver, number), {})
            found[place] = _bytes(rest)
            if len(found) == count:
                del parts[receiver, number]
                text = _letters(b"".join(found[n] for n in sorted(found)))
                whole.append(Arrived(sender, receiver, text, count))
        return whole


def _bytes(data: str) -> bytes:
    return unquote_to_bytes(data.replace("+", " "))


def _letters(data: bytes) -> str:
    """Decode a text of parts, of which the fake SMSC does not tell the coding: 7 bits or UCS-2."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return data.decode("utf-16-be")
    return data.decode("utf-16-be") if "\0" in text else text


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + _SECONDS
    while not condition():
        if time.monotonic() > until:
            raise AssertionError("Kannel did not get so far in time")
        time.sleep(0.02)


def main() -> int:
    """Install Kannel where possible; fail only in CI."""
    if not find_kannel():
        install("kannel", "kannel-extras")
    if find_kannel():
        sys.stdout.write("kannel: bearerbox, smsbox and fakesmsc\n")
        return 0
    sys.stdout.write(f"kannel: none, its tests will be skipped. {MISSING}\n")
    return 1 if in_ci() else 0


if __name__ == "__main__":
    sys.exit(main())
