"""Apps that act for a citizen by a token: what such a token may open, and which there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from allauth.idp.oidc.models import Token
from django.utils.translation import gettext_lazy as _

from citizens.models import User

# What an app may be allowed, by room of the API (portal.api.scopes says which address is in which).
SCOPES: Mapping[str, Any] = MappingProxyType(
    {
        "me": _("See who you are, your papers and coming dates; change what the portal may do"),
        "suggestions": _("See what is suggested to you, answer it and file it"),
        "drafts": _("Begin, keep and file your drafts"),
        "papers": _("See, use and remove the files in your repository"),
        "dossiers": _("Follow your dossiers, hand papers in and withdraw them"),
        "inbox": _("Read your letters"),
        "looks": _("See who looked at your data"),
    }
)
LIVING = (Token.Type.ACCESS_TOKEN, Token.Type.REFRESH_TOKEN)


@dataclass(frozen=True)
class AllowedApp:
    """An app that the person let act for them; `key` names it in the form and opens nothing."""

    key: str
    name: str
    used_at: datetime
    scopes: list[Any]


def apps_of(user: User) -> list[AllowedApp]:
    """Return the apps with a token that still opens something, the latest used first."""
    rows = Token.objects.valid().filter(user=user, type__in=LIVING, client__isnull=False)
    found: dict[str, AllowedApp] = {}
    allowed: dict[str, set[str]] = {}
    for row in rows.select_related("client").order_by("-created_at", "-pk"):
        allowed.setdefault(row.client_id, set()).update(row.get_scopes())
        if row.client_id not in found:
            found[row.client_id] = AllowedApp(row.client_id, row.client.name, row.created_at, [])
    for key, app in found.items():
        app.scopes.extend(words for scope, words in SCOPES.items() if scope in allowed[key])
    return list(found.values())
