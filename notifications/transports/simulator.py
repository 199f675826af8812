"""`demo+sim:`: a simulated SMS gateway (MÔ PHỎNG) with a real one's faults, for tests and figures.

``demo+sim:?delay_ms=20&fail=5&drop=3&dedup=yes&ask=no&quiet=no&journal=/file`` takes 20 ms a
message, answers 500 to 5 % before accepting, breaks the connection after accepting 3 %, and
writes each message that it delivers as one line into the journal: what real people would have
received, repeats included. The journal is shared by all processes that name it and survives
theirs, like a gateway's own books. ``answer_ms`` is how long it keeps its answer back once it has
delivered; ``rate`` is how many messages a second it takes (Traits.rate).
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from notifications.transports.base import Acceptance, Content, Traits, TransportError


class SimulatedGateway:
    """A gateway in this process; `delivered` counts the references that it delivered."""

    def __init__(
        self,
        *,
        delay: float = 0.0,
        answer_delay: float = 0.0,
        fail: float = 0.0,
        drop: float = 0.0,
        dedup: bool = True,
        ask: bool = True,
        quiet: bool = False,
        rate: float | None = None,
        journal: Path | None = None,
    ) -> None:
        """Set its character: delays in seconds, `fail` and `drop` as shares of 1."""
        self.traits = Traits(
            deduplicates_for=timedelta(hours=24) if dedup else None,
            can_ask=ask,
            keeps_quiet_hours=quiet,
            is_simulated=True,
            rate=rate,
        )
        self.delivered: Counter[str] = Counter()
        self.in_flight = self.most_in_flight = 0
        self._delay, self._answer_delay = delay, answer_delay
        self._fail, self._drop, self._journal = fail, drop, journal
        self._read_to = 0

    @classmethod
    def from_url(cls, url: str) -> SimulatedGateway:
        """Return the gateway that a URL describes; ValueError for a value that is no number."""
        query = {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}
        return cls(
            delay=float(query.get("delay_ms", 0)) / 1000,
            answer_delay=float(query.get("answer_ms", 0)) / 1000,
            fail=float(query.get("fail", 0)) / 100,
            drop=float(query.get("drop", 0)) / 100,
            dedup=query.get("dedup", "yes") == "yes",
            ask=query.get("ask", "yes") == "yes",
            quiet=query.get("quiet", "no") == "yes",
            rate=float(query["rate"]) if query.get("rate") else None,
            journal=Path(query["journal"]) if query.get("journal") else None,
        )

    async def send(self, *, address: str, content: Content, reference: str) -> Acceptance:
        """Deliver after the delay, or fail in one of the two ways."""
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self._delay)
            if random.random() < self._fail:  # noqa: S311
                raise TransportError("gateway answered 500")
            self._deliver(reference)
            if self._answer_delay:
                await asyncio.sleep(self._answer_delay)
            if random.random() < self._drop:  # noqa: S311
                raise TransportError("connection lost after the request", uncertain=True)
            return Acceptance(gateway_reference=f"sim-{reference[:8]}")
        finally:
            self.in_flight -= 1

    async def ask(self, reference: str) -> Acceptance | None:
        """Look into the books, where this gateway can be asked."""
        if not self.traits.can_ask:
            raise TransportError("this gateway cannot be asked", permanent=True)
        await asyncio.sleep(self._delay)
        self._read_journal()
        return Acceptance(f"sim-{reference[:8]}") if self.delivered[reference] else None

    async def aclose(self) -> None:
        """Hold nothing."""

    def _deliver(self, reference: str) -> None:
        if self._journal is None:
            self._note(reference)
            return
        with self._journal.open("a", encoding="utf-8") as book:
            fcntl.flock(book, fcntl.LOCK_EX)
            self._read_journal()
            if self._note(reference):
                book.write(json.dumps(reference) + "\n")
                book.flush()
                self._read_to = book.tell()

    def _note(self, reference: str) -> bool:
        """Count a delivery; False when the gateway drops it as a repeat."""
        if self.traits.deduplicates_for and self.delivered[reference]:
            return False
        self.delivered[reference] += 1
        return True

    def _read_journal(self) -> None:
        """Learn what other processes delivered since the last look."""
        if self._journal is None or not self._journal.exists():
            return
        with self._journal.open(encoding="utf-8") as book:
            book.seek(self._read_to)
            for line in iter(book.readline, ""):
                self.delivered[json.loads(line)] += 1
            self._read_to = book.tell()
