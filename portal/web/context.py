"""What the frame of every page shows: the brand, whether this is a trial, where one can go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from portal.web.accounts import NOTED_EVERY


class NavItem(TypedDict):
    """One way on in the header or the footer; `current` marks the page that is open."""

    label: str
    url: str
    current: bool
    count: int


# (name of the URL, label) in the order of the header.
SITE_NAV = (
    ("web:matters", gettext_lazy("My matters")),
    ("web:inbox", gettext_lazy("Inbox")),
    ("web:papers", gettext_lazy("My papers")),
)
FOOTER_NAV = (
    ("web:procedures", gettext_lazy("Procedures")),
    ("web:track", gettext_lazy("Follow a dossier")),
    ("web:verify", gettext_lazy("Check a message")),
    ("web:help", gettext_lazy("Help")),
)
DEMO_PHONES = ("web:phones", gettext_lazy("Demo phones"))


def _items(table: Iterable[tuple[str, StrPromise]], path: str) -> list[NavItem]:
    """Return the entries of a table, the open one marked."""
    return [
        {"label": str(label), "url": reverse(name), "current": reverse(name) == path, "count": 0}
        for name, label in table
    ]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the context of templates/base.html; reads no table."""
    user = getattr(request, "user", None)
    is_citizen = user is not None and user.is_authenticated and not user.is_staff
    demo = [DEMO_PHONES] if str(settings.SMS_URL).startswith("demo:") else []
    return {
        "brand": settings.SITE_NAME,
        "demo": settings.SETTINGS_MODULE == "portal.settings.demo",
        # Noted at most so often, a session lives as much longer from then.
        "session_seconds": settings.SESSION_COOKIE_AGE - int(NOTED_EVERY.total_seconds()),
        "site_nav": _items(SITE_NAV, request.path) if is_citizen else [],
        "footer_nav": _items([*FOOTER_NAV, *demo], request.path),
    }
