"""Logs: one JSON object a line, or readable lines in a terminal. Never personal data (F46).

An error tells where it happened and of which kind it is. What the database says of it quotes rows
and is left out; long numbers in any text are hidden.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import psycopg2
import structlog
from structlog.typing import EventDict

# Ids of requests, tasks and people inside the house are enough to follow a case.
_DROPPED = ("ip", "user_agent")
_UNINTERESTING = ("GET /healthz", "GET /readyz", "GET /metrics")


def _without_personal_data(_logger: Any, _method: str, event: EventDict) -> EventDict:
    for name in _DROPPED:
        event.pop(name, None)
    return event


# Nine digits are a phone without its first zero; codes of dossiers have fewer in a row.
_LONG_NUMBER = re.compile(r"\d{9,}")
_QUOTED_ROW = re.compile(r"\s*(DETAIL|CONTEXT|QUERY):.*", re.DOTALL)


def _safe(text: str) -> str:
    return _LONG_NUMBER.sub("…", _QUOTED_ROW.sub("", text))


def _safe_event(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Hide numbers, and rows that the database quotes, in the text of an event."""
    if isinstance(event.get("event"), str):
        event["event"] = _safe(event["event"])
    return event


def _trace(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    """Return the frames of an error and of those that caused it, the first one first."""
    told = []
    for error in _chain(exc_info[1]):
        frames = "".join(traceback.format_tb(error.__traceback__))
        told.append(f"{frames}{type(error).__qualname__}: {_words(error)}")
    return "\n\nand then\n\n".join(reversed(told))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _words(error: BaseException) -> str:
    """Return what an error says; of the database's errors the code and what was violated."""
    said = next((one for one in _chain(error) if isinstance(one, psycopg2.Error)), None)
    if said is None or not said.pgcode:
        return _safe(str(error))
    where = (said.diag.table_name, said.diag.column_name, said.diag.constraint_name)
    return " ".join([f"SQLSTATE {said.pgcode}", *(name for name in where if name)])


def _without_probes(_logger: Any, _method: str, event: EventDict) -> EventDict:
    if event.get("request") in _UNINTERESTING and event.get("code") == 200:
        raise structlog.DropEvent
    return event


def configure_logs(*, readable: bool, level: str = "INFO") -> dict[str, Any]:
    """Set up structlog and return Django's LOGGING for it."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if readable else "iso", utc=not readable),
        structlog.stdlib.PositionalArgumentsFormatter(),
        _without_personal_data,
        structlog.processors.ExceptionRenderer(_trace),
        _safe_event,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            _without_probes,
            *shared,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=False)
        if readable
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": renderer,
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # The request log has the same news without addresses and queries.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "django_structlog": {"level": level},
        },
    }
