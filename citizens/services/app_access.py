"""How an app's access for a citizen ends: by the person, or because a value was shown twice."""

from __future__ import annotations

from datetime import datetime

from allauth.idp.oidc.models import Token

from citizens.models import User
from citizens.selectors.apps import LIVING

# Beside allauth's own types: the digest of a code or refresh token that was good once. It opens
# nothing, since every look-up is by type, and tells whose app showed it a second time.
_SPENT = "sp"


def end_apps(*, user: User, key: str | None = None) -> int:
    """End the access of one app, or of all, on every device; return how many tokens that were."""
    rows = Token.objects.filter(user=user, type__in=LIVING)
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
