"""Record what a person wants to be told, and where."""

from __future__ import annotations

from django.utils.translation import gettext as _

from citizens.models import Party
from notifications.enums import Channel
from notifications.models import Preference, Topic
from portal.common.errors import RefusedError


def set_preference(
    *,
    party: Party,
    is_allowed: bool,
    topic: str | None = None,
    channel: Channel | None = None,
) -> Preference:
    """Allow or stop a topic (None: all optional ones) on a channel (None: on all of them).

    The narrower wish wins over the wider one. RefusedError for stopping a statutory notice.
    """
    if topic and not is_allowed and not Topic.objects.get(pk=topic).is_optional:
        raise RefusedError(_("This notice is required by law and cannot be switched off."))
    preference, _created = Preference.objects.update_or_create(
        party=party, topic_id=topic, channel=channel or "", defaults={"is_allowed": is_allowed}
    )
    return preference


def opt_out(*, party: Party, topic: str | None = None) -> Preference:
    """Stop one topic, or all optional ones, on every channel."""
    return set_preference(party=party, is_allowed=False, topic=topic)
