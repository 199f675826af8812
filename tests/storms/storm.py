"""The storm itself: who is hit, when, and what is left to count at the end."""

from __future__ import annotations

import json
import os
import signal
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import valkey
from django.db import connections

from notifications.enums import MessageState
from notifications.models import Attempt, Message
from notifications.services import load_texts
from portal.common import clock, db_roles
from portal.embedded import Servers
from tests.factories.notifications import MessageFactory
from tests.storms.keeper import children_of, start_keeper, wait_for_end

FAULTS = "delay_ms=20&fail=5&drop=3"
OPEN = (MessageState.QUEUED, MessageState.SENDING)
_PATIENCE = 900


class Storm:
    """One outbox, one gateway that keeps books, and the dispatchers that are hit."""

    def __init__(self, servers: Servers, folder: Path, options: Namespace) -> None:
        """Fill the outbox."""
        self._servers, self._options = servers, options
        self._journal, self._pids = folder / "journal", folder / "pids"
        self._url = f"demo+sim:?{FAULTS}&{options.gateway}&journal={self._journal}"
        self._random = Random(options.seed)  # noqa: S311 - reproducible, no secret
        self._hits: Counter[str] = Counter()
        self._waits: list[float] = []
        load_texts()
        db_roles.use_application()
        # To one person each: what several reminders say to one would be one message.
        for first in range(0, options.messages, 1000):
            size = min(1000, options.messages - first)
            Message.objects.bulk_create(MessageFactory.build_batch(size))
        connections.close_all()

    def rage(self) -> Mapping[str, Any]:
        """Hit as often as asked, let the rest drain, count."""
        began = time.monotonic()
        self._keeper = start_keeper(self._url, self._pids)
        strike = {"kill": self._kill, "database": self._fell, "redis": self._shake}
        for number in range(self._options.times):
            share = (number + self._random.random()) / (self._options.times + 1)
            self._wait_for(int(share * self._options.messages))
            strike[self._options.kind]()
        self._drain()
        os.kill(self._keeper, signal.SIGKILL)
        os.waitpid(self._keeper, 0)
        for child in children_of(self._pids):
            wait_for_end(child)
        return self._verdict(time.monotonic() - began)

    # ------------------------------------------------------------------------------ strikes
    def _kill(self) -> None:
        """Hit a child or the parent, hard or with a request to end."""
        kind = self._random.choices(["child", "parent", "term"], [6, 2, 2])[0]
        children = children_of(self._pids)
        if kind == "parent" or not children:
            os.kill(self._keeper, signal.SIGKILL)
            os.waitpid(self._keeper, 0)
            self._keeper = start_keeper(self._url, self._pids)
            self._hits["parent"] += 1
            return
        number = signal.SIGTERM if kind == "term" else signal.SIGKILL
        with suppress(ProcessLookupError):  # it ended by itself: somebody else is hit
            os.kill(self._random.choice(children), number)
            self._hits[kind] += 1
            return
        self._kill()

    def _fell(self) -> None:
        """Shut the database down at once, start it again, and time the first send after that."""
        postmaster = int((self._servers.place.pg_data / "postmaster.pid").read_text().split()[0])
        connections.close_all()
        os.kill(postmaster, signal.SIGQUIT)
        self._servers.stop()
        time.sleep(self._random.uniform(0.5, 2))
        before = self._delivered()
        self._servers.start()
        back = time.monotonic()
        self._wait_for(before + 1)
        self._waits.append(time.monotonic() - back)
        self._hits["database"] += 1

    def _shake(self) -> None:
        """Empty Redis, or end it for good."""
        path = str(self._servers.place.valkey_socket)
        try:
            client = valkey.Valkey(unix_socket_path=path)
            if self._hits["flush"] < self._options.times // 2:
                client.flushall()
                self._hits["flush"] += 1
            else:
                client.shutdown(nosave=True)
                self._hits["end"] += 1
        except valkey.exceptions.ConnectionError:
            self._hits["absent"] += 1

    # ------------------------------------------------------------------------------ waiting
    def _delivered(self) -> int:
        return self._journal.read_bytes().count(b"\n") if self._journal.exists() else 0

    def _wait_for(self, delivered: int) -> None:
        """Wait until the gateway delivered so many, or nothing came for some seconds."""
        seen, until = self._delivered(), time.monotonic() + 8
        while seen < delivered and time.monotonic() < until:
            time.sleep(0.005)
            now = self._delivered()
            if now > seen:
                seen, until = now, time.monotonic() + 8

    def _drain(self) -> None:
        """Let what is left go; nobody waits for the end of a back-off here."""
        until = time.monotonic() + _PATIENCE
        while (left := Message.objects.filter(state__in=OPEN)).exists():
            if time.monotonic() > until:
                break
            left.filter(state=MessageState.QUEUED).update(due_at=clock.now() - timedelta(seconds=1))
            time.sleep(0.5)

    def _verdict(self, seconds: float) -> Mapping[str, Any]:
        lines = self._journal.read_text().splitlines()
        delivered = Counter(json.loads(line) for line in lines)
        states = Counter(Message.objects.values_list("state", flat=True))
        told = set(Message.objects.filter(state="sent").values_list("public_id", flat=True))
        unseen = [m for m in Message.objects.exclude(state="unknown") if not delivered[m.reference]]
        return {
            "kind": self._options.kind,
            "gateway": self._options.gateway,
            "seed": self._options.seed,
            "messages": self._options.messages,
            "hits": dict(self._hits),
            "lost": len(unseen),
            "repeated": sum(count - 1 for count in delivered.values()),
            "states": dict(states),
            "sent": len(told),
            "attempts_lost_with_their_sender": Attempt.objects.filter(
                detail__contains="died"
            ).count(),
            "most_claims": max(Message.objects.values_list("attempt", flat=True)),
            "first_send_after_database_s": [round(wait, 2) for wait in self._waits],
            "seconds": round(seconds, 1),
        }
