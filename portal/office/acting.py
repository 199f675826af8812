"""What pages on which officials act share: what a press brings, and how a refusal is told."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest

from citizens.models import User
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError, shown_version


def pressed(request: HttpRequest) -> dict[str, Any]:
    """Return who presses, on which version, with which words, now: what a service is told."""
    return {
        "user": cast(User, request.user),
        "version": shown_version(request.POST.get("version", "")),
        "words": request.POST.get("words", ""),
        "now": clock.now(),
    }


def tell_refused(request: HttpRequest, refused: RefusedError | StaleVersionError) -> None:
    """Say each reason on the page that comes next."""
    for reason in getattr(refused, "reasons", None) or [str(refused)]:
        messages.error(request, reason)
