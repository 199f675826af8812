"""A person's browsers: told from now on, or no longer."""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import ContactChannel
from citizens.models import ContactPoint, Party
from notifications.rules.push import DEMO_ENDPOINT, Subscription, SubscriptionError
from notifications.selectors.push import push_service
from portal.common import clock
from portal.common.errors import RefusedError

MOST_DEVICES = 10


@transaction.atomic
def add_device(*, party: Party, subscription: str = "") -> ContactPoint:
    """Tell this browser from now on; adding it twice changes nothing.

    `subscription` is what the browser's push service gave it (JSON); a demo makes one up. A browser
    that several people use counts as shared: it hears neutral words. RefusedError where the
    subscription leads elsewhere than to a known push service, or the person has ten already.
    """
    value = _checked(subscription)
    index = ContactPoint.index_of(ContactChannel.PUSH, value)
    same = ContactPoint.objects.filter(channel=ContactChannel.PUSH, value_index=index)
    others = same.exclude(party=party)
    is_shared = others.filter(verified_at__isnull=False).exists()
    listed = party.contact_points.filter(channel=ContactChannel.PUSH, verified_at__isnull=False)
    if listed.exclude(value_index=index).count() >= MOST_DEVICES:
        raise RefusedError(_("Ten devices are on already. Turn one off first."))
    if is_shared:
        others.update(shared=True)
    point, _is_new = ContactPoint.objects.update_or_create(
        party=party,
        channel=ContactChannel.PUSH,
        value_index=index,
        defaults={"verified_at": clock.now(), "shared": is_shared},
        create_defaults={
            "value_enc": ContactPoint.seal_value(ContactChannel.PUSH, value),
            "verified_at": clock.now(),
            "shared": is_shared,
        },
    )
    return point


def remove_device(*, party: Party, public_id: UUID) -> bool:
    """Tell one of the person's browsers no longer; False where it is not theirs (F33)."""
    theirs = party.contact_points.filter(channel=ContactChannel.PUSH, public_id=public_id)
    return theirs.exclude(verified_at=None).update(verified_at=None) == 1


def _checked(text: str) -> str:
    service = push_service()
    if service is None:
        raise RefusedError(_("The portal sends no browser notices at present."))
    if service.is_demo:
        return Subscription(DEMO_ENDPOINT + token_hex(8), "", "").value
    try:
        subscription = Subscription.read(text)
        subscription.check(hosts=settings.PUSH_HOSTS)
    except SubscriptionError:
        raise RefusedError(_("This browser’s push service is not one that we know.")) from None
    return replace(subscription, under=service.key).value
