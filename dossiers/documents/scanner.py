"""ClamAV, where CLAMD_URL names one: ``tcp://host:3310`` or ``unix:///run/clamav/clamd.ctl``."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import clamd
from django.conf import settings

from dossiers.enums import ScanVerdict

_SECONDS = 30.0


class ScannerDownError(Exception):
    """The scanner could not be asked: nothing is known of any file."""


def verdict_on(data: bytes) -> ScanVerdict:
    """Return CLEAN or INFECTED, or PENDING where the scanner cannot judge this very file.

    ScannerDownError where it cannot be asked at all.
    """
    try:
        with _scanner() as scanner:
            answer = scanner.instream(io.BytesIO(data))
    except clamd.BufferTooLongError:
        return ScanVerdict.PENDING
    except (BrokenPipeError, ConnectionResetError) as cut:
        # A file above its limit is answered and hung up on: whoever still sends sees the hanging
        # up first. A scanner that ended while it was asked looks the same, but is not there.
        if answers():
            return ScanVerdict.PENDING
        raise ScannerDownError(type(cut).__name__) from cut
    except (clamd.ClamdError, OSError, ValueError) as error:
        raise ScannerDownError(type(error).__name__) from error
    found = (answer or {}).get("stream", ("ERROR", None))[0]
    return {"OK": ScanVerdict.CLEAN, "FOUND": ScanVerdict.INFECTED}.get(found, ScanVerdict.PENDING)


def answers() -> bool:
    """Return whether the scanner is there."""
    try:
        with _scanner() as scanner:
            return bool(scanner.ping() == "PONG")
    except (clamd.ClamdError, OSError, ValueError):
        return False


@contextmanager
def _scanner() -> Iterator[clamd.ClamdNetworkSocket | clamd.ClamdUnixSocket]:
    """Give a connection for one question; the package leaves it open where it cannot be made."""
    scanner = _configured()
    try:
        yield scanner
    finally:
        opened = getattr(scanner, "clamd_socket", None)
        if opened is not None:
            opened.close()


def _configured() -> clamd.ClamdNetworkSocket | clamd.ClamdUnixSocket:
    parts = urlsplit(settings.CLAMD_URL)
    if parts.scheme == "unix":
        return clamd.ClamdUnixSocket(parts.path, timeout=_SECONDS)
    if parts.scheme != "tcp" or not parts.hostname:
        raise ValueError("CLAMD_URL must be tcp://host:port or unix:///path")
    return clamd.ClamdNetworkSocket(parts.hostname, parts.port or 3310, timeout=_SECONDS)
