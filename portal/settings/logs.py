"""Logs: one JSON object a line, or readable lines in a terminal. Never personal data (F46)."""

from __future__ import annotations

from typing import Any

import structlog
from structlog.typing import EventDict

# Ids of requests, tasks and people inside the house are enough to follow a case.
_DROPPED = ("ip", "user_agent")
_UNINTERESTING = ("GET /healthz", "GET /readyz")


def _without_personal_data(_logger: Any, _method: str, event: EventDict) -> EventDict:
    for name in _DROPPED:
        event.pop(name, None)
    return event


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
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            _without_probes,
            *shared,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    # Plain tracebacks: richer ones print local variables, which hold people's data.
    renderer: Any = (
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
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
