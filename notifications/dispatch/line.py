"""What waits in this process for a free worker: most urgent first, nobody before their turn."""

from __future__ import annotations

import asyncio
import time
from itertools import count

from notifications.dispatch.parcels import Parcel


class Line:
    """A queue of parcels; one whose turn under the gateway's rate is to come enters it then."""

    def __init__(self) -> None:
        """Begin empty, in the running event loop."""
        self._ready: asyncio.PriorityQueue[tuple[int, int, Parcel]] = asyncio.PriorityQueue()
        self._early: dict[int, tuple[asyncio.TimerHandle, Parcel]] = {}
        self._numbers = count()

    def __len__(self) -> int:
        """Return how many wait, those included whose turn is to come."""
        return self._ready.qsize() + len(self._early)

    def put(self, parcel: Parcel) -> None:
        """Let a parcel wait."""
        number, seconds = next(self._numbers), parcel.not_before - time.monotonic()
        if seconds <= 0:
            self._enter(number, parcel)
            return
        timer = asyncio.get_running_loop().call_later(seconds, self._enter, number, parcel)
        self._early[number] = timer, parcel

    async def get(self) -> Parcel:
        """Return the next one; say `done` when it is."""
        _priority, _number, parcel = await self._ready.get()
        return parcel

    def done(self) -> None:
        """Take note that a parcel that somebody got was dealt with."""
        self._ready.task_done()

    async def empty(self) -> None:
        """Wait until all that entered was dealt with."""
        await self._ready.join()

    def give_up_early(self) -> list[Parcel]:
        """Return those whose turn is to come; they wait no longer."""
        early, self._early = list(self._early.values()), {}
        for timer, _parcel in early:
            timer.cancel()
        return [parcel for _timer, parcel in early]

    def give_up(self) -> list[Parcel]:
        """Return all that wait; they wait no longer."""
        found = self.give_up_early()
        while not self._ready.empty():
            _priority, _number, parcel = self._ready.get_nowait()
            found.append(parcel)
        return found

    def _enter(self, number: int, parcel: Parcel) -> None:
        self._early.pop(number, None)
        self._ready.put_nowait((parcel.message.priority, number, parcel))
