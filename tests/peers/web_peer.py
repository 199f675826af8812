"""A gateway made for tests (MÔ PHỎNG): a web server on the loopback with the faults of real ones.

It serves in a thread of its own, so that both the tests of one transport and a whole dispatcher
can talk to it. `mood` says how it treats the next requests; `weather` how many of them another
mood hits.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Coroutine
from enum import Enum, auto
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

T = TypeVar("T")
Handler = Any  # aiohttp's handlers, which it does not name


class Mood(Enum):
    """What a peer does with a request."""

    ACCEPT = auto()
    REFUSE = auto()  # this number or this text, for good
    LOCKED = auto()  # the key is wrong
    BUSY = auto()  # 429, Retry-After: 7
    BROKEN = auto()  # 500
    LOST = auto()  # 502: a go-between lost the gateway
    SILENT = auto()  # accepted, never answered
    DROP = auto()  # accepted, then the connection breaks


class WebPeer:
    """Serves at `origin` between `with` and its end; `delivered` counts what people would get.

    A subclass says what its requests mean: `routes` and `refused`; and by which URL an operator
    would lead a channel here.
    """

    locked_status = 401
    prefix = ""  # scheme, user and secret: "esms+http://key:secret@"
    path = "/"
    query = ""

    def __init__(self) -> None:
        """Start in a good mood, with empty books."""
        self.mood = Mood.ACCEPT
        self.weather: dict[Mood, float] = {}  # shares of 1
        self.slowness = 0.0  # seconds between what it does and its answer
        self.delivered: Counter[str] = Counter()
        self.requests: list[dict[str, Any]] = []
        self.origin = ""
        self._fixed: tuple[int, str] | None = None

    def url(self, query: str | None = None) -> str:
        """Return the channel's URL that leads here."""
        items = self.query if query is None else query
        at = self.origin.replace("http://", self.prefix) + self.path
        return f"{at}?{items}" if items else at

    def answer_with(self, status: int, text: str) -> None:
        """Answer everything so from now on."""
        self._fixed = (status, text)

    def routes(self) -> list[web.RouteDef]:
        """Return what it serves."""
        raise NotImplementedError

    def refused(self) -> web.Response:
        """Return its way of refusing one message for good."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._wait(self._open())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._wait(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _open(self) -> None:
        self._closing = asyncio.Event()
        app = web.Application(middlewares=[self._in_its_mood])
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0]
        self.origin = f"http://{host}:{port}"

    async def _close(self) -> None:
        self._closing.set()
        await self._runner.cleanup()

    @web.middleware
    async def _in_its_mood(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        at_once = {
            Mood.LOCKED: lambda: web.Response(status=self.locked_status),
            Mood.BUSY: lambda: web.Response(status=429, headers={"Retry-After": "7"}),
            Mood.BROKEN: lambda: web.Response(status=500),
            Mood.LOST: lambda: web.Response(status=502),
            Mood.REFUSE: self.refused,
        }
        if self._fixed:
            return web.Response(status=self._fixed[0], text=self._fixed[1])
        mood = self._mood_now()
        if answer := at_once.get(mood):
            return answer()
        response: web.StreamResponse = await handler(request)
        await asyncio.sleep(self.slowness)
        if mood is Mood.SILENT:
            await self._closing.wait()
        if mood is Mood.DROP and request.transport is not None:
            request.transport.close()
        return response

    def _mood_now(self) -> Mood:
        moods, shares = [*self.weather, self.mood], list(self.weather.values())
        [mood] = random.choices(moods, [*shares, 1 - sum(shares)])  # noqa: S311
        return mood
