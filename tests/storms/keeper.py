"""A parent that keeps two dispatchers alive until it is killed; its children die with it.

Forked, not started: two hundred kills would otherwise be two hundred starts of Django.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connections

from notifications.dispatch import Dispatcher, Pace
from notifications.enums import Channel
from notifications.transports.base import Transport
from notifications.transports.inbox import Inbox
from notifications.transports.simulator import SimulatedGateway
from portal.processes import die_with_parent

CHILDREN = 2
# Small claims and a short lease: a kill hits tens of messages, and many kills fit into a storm.
PACE = Pace(
    batch=40, slice=20, in_flight=16, lease=6.0, send_timeout=2.0, stop_within=2.0, idle_wait=0.1
)


def start_keeper(url: str, pids: Path) -> int:
    """Fork a keeper of dispatchers for this gateway; it writes its children's pids there."""
    return _fork(lambda: _keep(url, pids))


def children_of(pids: Path) -> list[int]:
    """Return the dispatchers that a keeper has now."""
    return [int(pid) for pid in pids.read_text().split()] if pids.exists() else []


def _keep(url: str, pids: Path) -> None:
    alive = [_fork(lambda: _dispatch(url)) for _ in range(CHILDREN)]
    while True:
        half = pids.with_suffix(f".{os.getpid()}")
        half.write_text(" ".join(map(str, alive)))
        half.rename(pids)
        ended, _status = os.wait()
        alive = [pid for pid in alive if pid != ended] + [_fork(lambda: _dispatch(url))]


def _dispatch(url: str) -> None:
    gateway = SimulatedGateway.from_url(url)
    transports: dict[Channel, Transport] = {Channel.SMS: gateway, Channel.INBOX: Inbox()}
    dispatcher = Dispatcher(transports, pace=PACE, lift_quiet_hours=False)
    signal.signal(signal.SIGTERM, lambda _number, _frame: dispatcher.stop())
    dispatcher.run()


def _fork(work: Callable[[], None]) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        die_with_parent(signal.SIGKILL)
        if os.getppid() == parent:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            connections.close_all()
            os.closerange(3, 1024)  # the lock of the servers, which may begin anew without us
            work()
    finally:
        os._exit(0)


def wait_for_end(pid: int) -> None:
    """Wait until a process that somebody else may have to reap is gone."""
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
