"""What a person dismissed in this session, so that it can be taken back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

_KEY = "dismissed"


def remember(request: HttpRequest, public_id: UUID, title: str) -> None:
    """Keep what was dismissed just now."""
    kept = request.session.get(_KEY, {})
    request.session[_KEY] = {**kept, str(public_id): title}


def may(request: HttpRequest, public_id: UUID) -> bool:
    """Return whether this was dismissed in this session."""
    return str(public_id) in request.session.get(_KEY, {})


def forget(request: HttpRequest, public_id: UUID) -> None:
    """Drop what was taken back."""
    kept = dict(request.session.get(_KEY, {}))
    kept.pop(str(public_id), None)
    request.session[_KEY] = kept


def last(request: HttpRequest) -> list[dict[str, str]]:
    """Return what can be taken back, the latest first: public id and title."""
    kept = request.session.get(_KEY, {})
    return [{"public_id": key, "title": title} for key, title in reversed(kept.items())]
