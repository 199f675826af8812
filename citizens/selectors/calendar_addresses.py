"""Reads of secret calendar addresses."""

from __future__ import annotations

from hashlib import sha256

from citizens.models import CalendarAddress, Citizen


def calendar_address_of(*, citizen: Citizen) -> CalendarAddress | None:
    """Return the address that a person has switched on, None without one."""
    return CalendarAddress.objects.filter(citizen=citizen).first()


def calendar_address_for(*, token: str) -> CalendarAddress | None:
    """Return whose address a token opens: a living person whose account is open; else None."""
    digest = sha256(token.encode()).digest()
    rows = CalendarAddress.objects.filter(
        token_sha256=digest,
        citizen__died_on__isnull=True,
        citizen__survivor__isnull=True,
        citizen__user__is_active=True,
    )
    return rows.select_related("citizen__party", "citizen__user").first()
