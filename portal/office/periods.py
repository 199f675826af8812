"""A period of civil days as a page is asked for it: ?since=2026-11-01&until=2026-11-30."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest

_USUAL = 30
_LONGEST = 366


def asked_days(request: HttpRequest, today: date) -> tuple[date, date]:
    """Return first and last day; what is no day falls back to the last thirty, at most a year."""
    last = _day(request.GET.get("until"), today)
    first = _day(request.GET.get("since"), last - timedelta(days=_USUAL - 1))
    return max(min(first, last), last - timedelta(days=_LONGEST)), last


def _day(text: str | None, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return otherwise
    return found if 2000 <= found.year <= 2999 else otherwise
