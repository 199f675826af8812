"""How unfold looks and what it leads to; plain data, so that settings may read it.

Jade instead of purple, a warm grey instead of a blue one (the tokens of the citizens' pages).
"""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

_JADE = {
    "50": "#eef7f3",
    "100": "#d9ede4",
    "200": "#b5dccb",
    "300": "#86c4ab",
    "400": "#4fa888",
    "500": "#1f8a69",
    "600": "#0b6b53",
    "700": "#085442",
    "800": "#084537",
    "900": "#07392e",
    "950": "#03201a",
}
_STONE = {
    "50": "#fbfaf6",
    "100": "#f3f2ec",
    "200": "#e2e3db",
    "300": "#c9cdc5",
    "400": "#87938c",
    "500": "#5f6d66",
    "600": "#45524b",
    "700": "#35403b",
    "800": "#25302b",
    "900": "#18201c",
    "950": "#0e1411",
}


def _styles(*names: str) -> list[Any]:
    """Return addresses asked for at render time: the manifest is not there when settings load."""
    return [lambda _request, name=name: static(name) for name in names]


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Officials' desk"),
    "SITE_HEADER": _("Officials' desk"),
    "SITE_URL": "/",
    "SITE_ICON": lambda _request: static("portal/favicon.svg"),
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda _request: static("portal/favicon.svg"),
        }
    ],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "8px",
    "COLORS": {"primary": _JADE, "base": _STONE},
    "STYLES": _styles("office/office.css"),
    "SCRIPTS": _styles("office/office.js"),
    "ACCOUNT": {
        "navigation": [
            {"title": _("Change password"), "link": reverse_lazy("account_change_password")},
            {"title": _("Two-step sign-in"), "link": reverse_lazy("mfa_index")},
            {
                "title": _("Devices that are signed in"),
                "link": reverse_lazy("usersessions_list"),
            },
        ]
    },
    "SIDEBAR": {
        "show_search": False,
        "command_search": False,
        "show_all_applications": False,
        "navigation": "portal.office.navigation.sidebar",
    },
}
