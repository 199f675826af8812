"""What the frame of every page shows: the brand, whether this is a trial, where one can go."""

from __future__ import annotations

from typing import Any, TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy


class NavItem(TypedDict):
    """One way on in the header or the footer; `current` marks the page that is open."""

    label: str
    url: str
    current: bool
    count: int


# (name of the URL, label) in the order of the header; a room that is not open yet is left out.
SITE_NAV = (
    ("web:matters", gettext_lazy("My matters")),
    ("web:inbox", gettext_lazy("Inbox")),
    ("web:papers", gettext_lazy("My papers")),
)
FOOTER_NAV = (
    ("web:help", gettext_lazy("Help")),
    ("web:track", gettext_lazy("Track a dossier")),
    ("web:phone", gettext_lazy("Demo phone")),
)


def _items(table: Any, path: str) -> list[NavItem]:
    """Return the entries of a table whose pages exist, the open one marked."""
    items: list[NavItem] = []
    for name, label in table:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        items.append({"label": str(label), "url": url, "current": url == path, "count": 0})
    return items


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the context of templates/base.html; reads no table."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "brand": settings.SITE_NAME,
        "demo": settings.SETTINGS_MODULE == "portal.settings.demo",
        "site_nav": _items(SITE_NAV, request.path) if signed_in else [],
        "footer_nav": _items(FOOTER_NAV, request.path),
    }
