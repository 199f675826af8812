"""What people agreed to: the latest statement of each purpose and channel holds."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from citizens.enums import ConsentPurpose
from citizens.models import Citizen, Consent


def consents_of(*, citizen: Citizen) -> QuerySet[Consent]:
    """Return the statements that hold for `citizen`: one for each purpose and channel spoken of."""
    stated = Consent.objects.filter(citizen=citizen)
    return stated.order_by("purpose", "channel", "-recorded_at", "-pk").distinct(
        "purpose", "channel"
    )


def statements_of(*, citizen: Citizen) -> QuerySet[Consent]:
    """Return everything `citizen` ever stated, the latest first."""
    return Consent.objects.filter(citizen=citizen).select_related("recorded_by")


def consenting(purpose: ConsentPurpose) -> QuerySet[Consent, Any]:
    """Return the keys of citizens who said yes to `purpose` as a whole, for set-based SQL.

    ``.filter(pk__in=consenting(ConsentPurpose.RESEARCH))``. Who said nothing is not among them:
    silence is not consent.
    """
    return _whole(purpose).filter(is_given=True).values("citizen_id")


def not_consenting(purpose: ConsentPurpose) -> QuerySet[Citizen, Any]:
    """Return the keys of citizens who did not say yes to `purpose`: no, taken back, or nothing."""
    return Citizen.objects.exclude(pk__in=consenting(purpose)).values("pk")


def refusing(purpose: ConsentPurpose) -> QuerySet[Consent, Any]:
    """Return the keys of citizens who said no to `purpose` as a whole, for set-based SQL."""
    return _whole(purpose).filter(is_given=False).values("citizen_id")


def _whole(purpose: ConsentPurpose) -> QuerySet[Consent]:
    """Return each citizen's latest statement about a purpose on all channels."""
    stated = Consent.objects.filter(purpose=purpose, channel="")
    latest = stated.order_by("citizen_id", "-recorded_at", "-pk").distinct("citizen_id")
    return Consent.objects.filter(pk__in=latest.values("pk"))
