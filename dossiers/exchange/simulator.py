"""A partner to try against (MÔ PHỎNG): its books behind a real HTTP server, with faults.

It listens on the loopback or on a socket of this machine only; production refuses its address.
"""

from __future__ import annotations

import json
import socketserver
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dossiers.exchange.books import SIMULATED, Books, Fault

_TOKEN = "mo-phong"  # noqa: S105 - the simulator's own
_MOST_BYTES = 16 * 1024 * 1024


class _Tcp(ThreadingHTTPServer):
    daemon_threads = True
    books: Books
    closing: threading.Event
    slowness: float


class _Unix(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    books: Books
    closing: threading.Event
    slowness: float


class _Handler(BaseHTTPRequestHandler):
    server: _Tcp | _Unix
    protocol_version = "HTTP/1.1"
    server_version = "MoPhong"

    def do_POST(self) -> None:
        """Answer one call, or do to it what the weather wants."""
        length = min(int(self.headers.get("Content-Length") or 0), _MOST_BYTES)
        document = json.loads(self.rfile.read(length) or b"{}")
        self.close_connection = True
        if self.path == "/GetToken":
            self._say(200, {"Token": _TOKEN, "GhiChu": SIMULATED})
            return
        if self.headers.get("Authorization") != f"Bearer {_TOKEN}":
            self._say(401, {})
            return
        books = self.server.books
        with books.lock:
            fault = books.weather.next()
        if fault is Fault.BROKEN:
            self._say(500, {"ThongBao": SIMULATED})
            return
        if fault is Fault.SLOW:
            self.server.closing.wait(self.server.slowness)
        reference = self.headers.get("X-Ma-Tham-Chieu", "")
        status, made = books.answer(self.path, document, reference, fault)
        if fault is not Fault.DROP:
            self._say(status, made)

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: what is told to a partner names people."""

    def _say(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document, ensure_ascii=False).encode()
        with suppress(OSError):  # the caller has gone
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)


class Simulator:
    """Serves between `with` and its end, on the loopback or on `socket`; `url` leads here.

    A slow answer takes `slowness` seconds, or until the end.
    """

    def __init__(self, books: Books, *, socket: Path | None = None, slowness: float = 30.0) -> None:
        self.books = books
        self._server: _Tcp | _Unix
        if socket is None:
            self._server = _Tcp(("127.0.0.1", 0), _Handler)
            self.url = f"demo+http://demo:demo@127.0.0.1:{self._server.server_address[1]}"
        else:
            socket.unlink(missing_ok=True)
            self._server = _Unix(str(socket), _Handler)
            self.url = f"demo+unix://demo:demo@{socket}"
        self._server.books, self._server.closing = books, threading.Event()
        self._server.slowness = slowness
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def serve(self) -> None:
        """Serve until the process ends."""
        self._server.serve_forever()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._server.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
