"""Read the environment: NAME, or the file that NAME_FILE names; database and broker URLs."""

from __future__ import annotations

import base64
import binascii
import ipaddress
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.FileAwareEnv()

# F4: no statement, lock or forgotten transaction may hold anybody up for longer than this. Behind
# gunicorn a statement has less (`portal.wsgi`): somebody waits for its page.
_LIMITS = {
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
}

# A server that vanished without a word (a half-open line) is given up after some ten seconds; the
# limits above are the server's own and end nothing then. Sockets of a folder do not need it.
_LINE = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def text(name: str, default: str | None = None) -> str:
    """Return a variable; ImproperlyConfigured with its name where it is missing and needed."""
    value: str = env.str(name, default="" if default is None else default)
    if not value and default is None:
        raise ImproperlyConfigured(f"Set {name} (or {name}_FILE to a file that holds it).")
    return value


def texts(name: str, default: list[str]) -> list[str]:
    """Return a list that is written with commas."""
    found: list[str] = env.list(name, default=default)
    return found


def is_signing_key(value: str) -> bool:
    """Return whether this is an Ed25519 key as SIGNING_KEY wants it: base64 of 32 bytes."""
    try:
        return len(base64.b64decode(value, validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def database(url: str, *, role: str | None) -> dict[str, Any]:
    """Return Django's settings of a PostgreSQL URL, e.g. postgresql://user:secret@host:5432/name.

    `?host=/folder` names a socket folder; other query items are libpq's (sslmode, …). With a
    `role` the connection takes it on and carries the time limits; without one (the owner's
    migrations) only those of connecting and of a dead line hold, because a migration may run for
    long.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    host = query.pop("host", None) or unquote(parts.hostname or "")
    options: dict[str, Any] = {"connect_timeout": 5, **_LINE, **query}
    if role:
        timeout = {"statement_timeout": text("STATEMENT_TIMEOUT", "30s")}
        limits = " ".join(f"-c {name}={value}" for name, value in (timeout | _LIMITS).items())
        given = query.get("options", "")
        options["options"] = f"{given} -c role={role} {limits}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


def crosses_in_clear(url: str) -> bool:
    """Return whether a gateway's URL (`kannel+http://…`) sends unencrypted over a network."""
    try:
        parts = urlsplit(url)
        is_plain = parts.scheme.endswith("+http") or parts.scheme == "smtp"
        return is_plain and not _is_here(parts.hostname or "")
    except ValueError:  # whoever opens the channel says what is wrong with it
        return False


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def broker_url(redis_url: str) -> str:
    """Return Celery's spelling of a Redis URL: of a socket `redis+socket://…?virtual_host=N`.

    Left as `?db=N` the number would be passed over in silence, and the broker be database 0.
    """
    if redis_url.startswith("unix://"):
        path, _, number = redis_url.removeprefix("unix://").partition("?db=")
        return f"redis+socket://{path}" + (f"?virtual_host={number}" if number else "")
    return redis_url
