"""Apps that act for a citizen by a token: which may, and how that ends."""

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
_LIVING = (Token.Type.ACCESS_TOKEN, Token.Type.REFRESH_TOKEN)
# Beside allauth's own types: the digest of a code or refresh token that was good once. It opens
# nothing, since every look-up is by type, and tells whose app showed it a second time.
_SPENT = "sp"


@dataclass(frozen=True)
class AllowedApp:
    """An app that the person let act for them; `key` names it in the form and opens nothing."""

    key: str
    name: str
    used_at: datetime
    scopes: list[Any]


def apps_of(user: User) -> list[AllowedApp]:
    """Return the apps with a token that still opens something, the latest used first."""
    rows = Token.objects.valid().filter(user=user, type__in=_LIVING, client__isnull=False)
    found: dict[str, AllowedApp] = {}
    allowed: dict[str, set[str]] = {}
    for row in rows.select_related("client").order_by("-created_at", "-pk"):
        allowed.setdefault(row.client_id, set()).update(row.get_scopes())
        if row.client_id not in found:
            found[row.client_id] = AllowedApp(row.client_id, row.client.name, row.created_at, [])
    for key, app in found.items():
        app.scopes.extend(words for scope, words in SCOPES.items() if scope in allowed[key])
    return list(found.values())


def end_apps(*, user: User, key: str | None = None) -> int:
    """End the access of one app, or of all, on every device; return how many tokens that were."""
    rows = Token.objects.filter(user=user, type__in=_LIVING)
    if key is not None:
        rows = rows.filter(client_id=key)
    count: int = rows.delete()[0]
    return count


def note_spent(value: str, *, by: str, until: datetime) -> None:
    """Remember until then that this value was exchanged, for the access token `by`."""
    made = Token.objects.by_value(by).get(type=Token.Type.ACCESS_TOKEN)
    spent = Token(type=_SPENT, user=made.user, client=made.client, expires_at=until)
    spent.set_value(value)
    spent.save()


def end_where_spent(value: str) -> tuple[str, int] | None:
    """End an app's access whose value is shown again; return its key and how many tokens that were.

    None where the value was never exchanged. Of the two who showed it one is not the app
    (RFC 9700).
    """
    spent = Token.objects.valid().by_value(value).filter(type=_SPENT).first()
    if spent is None or spent.user is None:
        return None
    return str(spent.client_id), end_apps(user=spent.user, key=spent.client_id)


def forget_tokens() -> int:
    """Delete the tokens that open nothing any more; return how many those were."""
    count: int = Token.objects.expired().delete()[0]
    return count
