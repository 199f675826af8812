"""The side of the gateways: one event loop, bounded concurrency, outcomes written every 50 ms.

The event loop runs in a thread of its own; everything for the database runs in the thread that
called `run`, on that thread's connection, one piece after the other (asgiref's sync_to_async).
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

import structlog
from asgiref.sync import async_to_sync, sync_to_async
from django.db import DatabaseError, InterfaceError, connection

from notifications.dispatch import parcels as outcomes
from notifications.dispatch.desk import Batch, Desk
from notifications.dispatch.gateways import Gateways
from notifications.dispatch.line import Line
from notifications.dispatch.parcels import Outcome, Pace, Parcel
from notifications.dispatch.writing import write_outcomes
from notifications.enums import Channel
from notifications.models import Message
from notifications.transports.base import Transport, TransportError
from portal.common import clock
from portal.common.sql import is_database_away

log = structlog.get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")
Tally = Counter[str]
_DATABASE = (DatabaseError, InterfaceError)
_DATABASE_WAIT = 0.5
_URGENT_EVERY = 0.25


class Dispatcher:
    """Drains the outbox through the given transports. Any number may run at once, anywhere."""

    def __init__(
        self,
        transports: Mapping[Channel, Transport],
        *,
        pace: Pace | None = None,
        lift_quiet_hours: bool = False,
    ) -> None:
        """Serve these channels; a message for another channel finds its next one."""
        self._transports = transports
        self._pace = pace or Pace()
        self._lift = lift_quiet_hours
        traits = {channel: transport.traits for channel, transport in transports.items()}
        self._gateways = Gateways(traits)
        self._desk = Desk(self._gateways, pace=self._pace, lift_quiet_hours=lift_quiet_hours)
        self._outcomes: list[Outcome] = []
        self._in_hand = 0
        self._next_look = 0.0
        self._low_water = max(self._pace.in_flight, self._pace.slice)
        # What a blind gateway may have would be in doubt after a crash: keep that short.
        self._later: deque[Parcel] = deque()
        self._blind: set[int] = set()
        self._stopping = threading.Event()
        self.tally: Tally = Counter()

    def run(self, *, until_empty: bool = False) -> Tally:
        """Work until `stop`, or until nothing is due; return counts by state.

        With `until_empty` a database that goes away raises; a service waits for it instead.
        """
        if self._lift:
            freed = self._desk.lift_quiet_hours()
            log.warning("quiet_hours_lifted", freed=freed)
        async_to_sync(self._run)(until_empty)
        return self.tally

    def stop(self) -> None:
        """Finish what is under way within 10 s, give the rest back; safe in a signal handler."""
        self._stopping.set()

    async def _run(self, until_empty: bool) -> None:
        self._line = Line()
        self._writing = asyncio.Lock()
        workers = [asyncio.create_task(self._work()) for _ in range(self._pace.in_flight)]
        writer = asyncio.create_task(self._write_forever(until_empty))
        feeder = asyncio.create_task(self._feed(until_empty))
        try:
            await asyncio.wait({writer, feeder}, return_when=asyncio.FIRST_COMPLETED)
            self._stopping.set()
            early = self._line.give_up_early()
            self._outcomes += [outcomes.untouched(parcel.message) for parcel in early]
            with suppress(TimeoutError):
                await asyncio.wait_for(self._line.empty(), self._pace.stop_within)
        finally:
            await _end(*workers, writer)
            left = [*self._line.give_up(), *self._later]
            self._outcomes += [outcomes.untouched(parcel.message) for parcel in left]
            await self._flush()
            for transport in self._transports.values():
                await transport.aclose()
        await feeder

    # ------------------------------------------------------------------------------ claiming
    async def _feed(self, until_empty: bool) -> None:
        """Keep the queue filled until asked to stop, or until nothing is due or under way."""
        while not self._stopping.is_set():
            try:
                is_done = await self._feed_once()
            except _DATABASE as error:
                if until_empty or not is_database_away(error):
                    raise
                log.warning("database_unreachable")
                await asyncio.sleep(_DATABASE_WAIT)
                continue
            if is_done and until_empty:
                return
            if is_done:
                await self._pause(self._pace.idle_wait)

    async def _feed_once(self) -> bool:
        """Claim if there is room; tell whether nothing is due and nothing under way."""
        await self._hand_over_later()
        if len(self._line) + len(self._later) >= self._low_water:
            # Reminders may fill the queue for a while: a sign-in code must not wait behind them.
            if time.monotonic() >= self._next_look:
                self._next_look = time.monotonic() + _URGENT_EVERY
                await self._take(urgent_only=True)
            await asyncio.sleep(self._pace.write_every / 5)
            return False
        if await self._take(urgent_only=False):
            return False
        if self._in_hand or self._desk.is_waiting():
            await asyncio.sleep(self._pace.write_every)
            return False
        return True

    async def _take(self, *, urgent_only: bool) -> int:
        """Claim once, prepare in slices: outcomes are written in between. Return how many came."""
        claim = await _in_database(self._desk.claim, urgent_only=urgent_only)
        slices = claim.slices(self._pace.slice)
        for number, rows in enumerate(slices):
            if self._stopping.is_set():
                self._give_back([row for left in slices[number:] for row in left])
                break
            batch = await _in_database(self._desk.prepare, rows, deadline=claim.deadline)
            self._in_hand += len(batch.later)
            self._later.extend(batch.later)
            self._begin(batch)
        return len(claim.rows)

    def _begin(self, batch: Batch) -> None:
        self.tally.update(outcome.state.value for outcome in batch.settled)
        for parcel in batch.parcels:
            self._in_hand += 1
            self._line.put(parcel)

    async def _hand_over_later(self) -> None:
        """Give a blind gateway the next ones, so that few are under way there at any moment."""
        room = self._pace.blind_batch - len(self._blind)
        # Half of it at least: a statement for each message would cost more than the waiting.
        if not self._later or room < self._pace.blind_batch // 2:
            return
        some = [self._later.popleft() for _ in range(min(room, len(self._later)))]
        self._in_hand -= len(some)
        late = [parcel for parcel in some if time.monotonic() > parcel.deadline]
        self._give_back([parcel.message for parcel in late])
        batch = await _in_database(self._desk.hand_over, [p for p in some if p not in late])
        self._blind |= {parcel.message.pk for parcel in batch.parcels}
        self._begin(batch)

    def _give_back(self, rows: Sequence[Message]) -> None:
        self._in_hand += len(rows)
        self._outcomes += [outcomes.untouched(row) for row in rows]

    async def _pause(self, seconds: float) -> None:
        """Sleep, but not through a wish to stop."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._stopping.is_set():
            await asyncio.sleep(0.05)

    # ------------------------------------------------------------------------------- sending
    async def _work(self) -> None:
        while True:
            parcel = await self._line.get()
            try:
                # Two steps: the list may be another one after the wait.
                outcome = await self._carry(parcel)
                self._outcomes.append(outcome)
            except asyncio.CancelledError:
                # Out of time to stop: what the gateway made of it is not known, and that is
                # written.
                error = TransportError("stopped while the gateway was asked", uncertain=True)
                self._outcomes.append(outcomes.failed(parcel, error, now=clock.now()))
                raise
            except Exception as error:
                # A worker that ended here would leave its message in hand for ever. The gateway
                # may have it by now.
                log.exception("worker_broke", message=parcel.message.pk)
                doubt = TransportError(type(error).__name__, uncertain=True)
                self._outcomes.append(outcomes.failed(parcel, doubt, now=clock.now()))
            finally:
                self._line.done()

    async def _carry(self, parcel: Parcel) -> Outcome:
        """Ask the gateway; whatever happens becomes an outcome."""
        if self._stopping.is_set() or time.monotonic() > parcel.deadline:
            return outcomes.untouched(parcel.message)
        hold = self._gateways.barred(parcel.channel, parcel.epoch)
        if hold is not None:
            return outcomes.held_back(parcel, hold)
        try:
            async with asyncio.timeout(self._pace.send_timeout):
                outcome = await self._ask_gateway(parcel)
        except TransportError as error:
            failure = error
        except TimeoutError:
            failure = TransportError("no answer in time", uncertain=True)
        except Exception as error:  # a transport must not stop the others (F10)
            # Without the traceback: its lines may quote an address.
            name = type(error).__name__
            log.warning("transport_broke", channel=parcel.channel.value, error=name)
            failure = TransportError(type(error).__name__, uncertain=True)
        else:
            self._gateways.note(parcel.channel, parcel.epoch, None)
            return outcome
        self._gateways.note(parcel.channel, parcel.epoch, failure)
        return outcomes.failed(parcel, failure, now=clock.now())

    async def _ask_gateway(self, parcel: Parcel) -> Outcome:
        transport, reference = self._transports[parcel.channel], parcel.message.reference
        if parcel.must_ask:
            known = await transport.ask(reference)
            if known is None:
                return outcomes.never_seen(parcel, now=clock.now())
            return outcomes.accepted(parcel, known, now=clock.now())
        acceptance = await transport.send(
            address=parcel.address, content=parcel.content, reference=reference
        )
        return outcomes.accepted(parcel, acceptance, now=clock.now())

    # ------------------------------------------------------------------------------- writing
    async def _write_forever(self, until_empty: bool) -> None:
        while True:
            await asyncio.sleep(self._pace.write_every)
            try:
                await self._flush()
            except _DATABASE as error:
                if until_empty or not is_database_away(error):
                    raise
                await asyncio.sleep(_DATABASE_WAIT)

    async def _flush(self) -> None:
        """Write the outcomes so far; they are kept when the database is away."""
        async with self._writing:
            batch, self._outcomes = self._outcomes, []
            try:
                if batch:
                    await _in_database(write_outcomes, batch)
            except BaseException:
                self._outcomes = batch + self._outcomes
                raise
            self._blind -= {outcome.message.pk for outcome in batch}
            self.tally.update(outcome.state.value for outcome in batch)
            try:
                if self._gateways.has_news:
                    await _in_database(self._gateways.publish)
            finally:
                # Not earlier: who works until nothing is due must see what a gateway that works
                # again has woken.
                self._in_hand -= len(batch)


async def _in_database(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run database work in the calling thread of `run`, on its connection."""
    return await sync_to_async(_with_connection)(work, *args, **kwargs)


def _with_connection(work: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    try:
        return work(*args, **kwargs)
    except _DATABASE as error:
        if is_database_away(error) and not connection.in_atomic_block:
            connection.close()
        raise


async def _end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
