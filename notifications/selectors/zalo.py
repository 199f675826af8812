"""How the portal stands with Zalo: for those who run it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from notifications.enums import Channel, ZaloApproval
from notifications.models import Topic, ZaloTemplate, ZaloToken


@dataclass(frozen=True)
class ZaloStanding:
    """Topics that may go by Zalo, those with an approved template, and a token that it refused."""

    topic_count: int
    approved_count: int
    refused_count: int
    is_locked_out: bool


def zalo_standing() -> ZaloStanding | None:
    """Return how it stands, None where ZALO_URL names no account with Zalo."""
    if not str(settings.ZALO_URL).startswith("zns+"):
        return None
    by_zalo = Topic.objects.filter(channels__contains=[Channel.ZALO])
    approved = Q(zalo_templates__state=ZaloApproval.APPROVED)
    return ZaloStanding(
        topic_count=by_zalo.count(),
        approved_count=by_zalo.filter(approved).distinct().count(),
        refused_count=ZaloTemplate.objects.filter(state=ZaloApproval.REFUSED).count(),
        is_locked_out=ZaloToken.objects.filter(refused_at__isnull=False).exists(),
    )
