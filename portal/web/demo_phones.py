"""The demo phones as pages show them: masked, named where a register names them, found by digits.

An address of a page holds no number: a phone is named by its keyed index, the one under which the
contact point is stored. Only where `SMS_URL=demo:`. What came by another channel (app, Zalo,
e-mail, browser) lies on the phone of the person whose address it reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from citizens.enums import ContactChannel
from citizens.models import ContactPoint
from citizens.models.contacts import CHANNELS
from notifications.models import DemoDelivery, InboundMessage
from notifications.rules.sms import parts
from notifications.selectors import demo_phones
from notifications.selectors.demo import Line
from portal.common.masking import mask_email, mask_phone
from portal.demo.accounts import demo_sign_ins

KNOWN = 2000
_WAYS = {str(channel): name for channel, name in CHANNELS}
_ICONS: dict[str, str] = {
    ContactChannel.SMS: "message",
    ContactChannel.APP: "phone",
    ContactChannel.ZALO: "chat",
    ContactChannel.EMAIL: "mail",
    ContactChannel.PUSH: "bell",
}


@dataclass(frozen=True)
class Phone:
    """One phone in the list; `url_id` names it in addresses."""

    url_id: str
    number: str
    name: str
    count: int


def are_open() -> bool:
    """Return whether messages go to demo phones at all."""
    return str(settings.SMS_URL).startswith("demo:")


def url_id(address: str) -> str:
    """Return the name of a phone in addresses of pages."""
    return ContactPoint.index_of(ContactChannel.SMS, address).hex()


def address_of(token: str) -> str | None:
    """Return the phone number behind a name in an address, None when there is none."""
    point = ContactPoint.objects.filter(
        channel=ContactChannel.SMS, value_index=bytes.fromhex(token)
    ).first()
    if point is not None:
        return point.value
    heard = (phone.address for phone in demo_phones(limit=KNOWN))
    return next((address for address in heard if url_id(address) == token), None)


def listed(digits: str) -> list[Phone]:
    """Return phones whose number ends in `digits`, those of the demo sign-ins first.

    Without digits: the sign-ins' phones, whether or not they received anything, then the others.
    """
    counts = {phone.address: phone.message_count for phone in demo_phones(limit=KNOWN)}
    own = [point.value for point in _points_of_sign_ins()]
    addresses = [*own, *(address for address in counts if address not in set(own))]
    chosen = [address for address in addresses if address.endswith(digits)]
    return [
        Phone(url_id(address), masked(address), "", counts.get(address, 0)) for address in chosen
    ]


def masked(address: str) -> str:
    """Return a phone, or the address of somebody who has none, as pages show it."""
    return mask_phone(address) if address.startswith("+") else mask_email(address)


def named(phones: Sequence[Phone]) -> list[Phone]:
    """Return a page of phones with the names of those who use them (one query)."""
    names = _names(phone.url_id for phone in phones)
    return [
        Phone(phone.url_id, phone.number, ", ".join(names.get(phone.url_id, [])), phone.count)
        for phone in phones
    ]


def _names(url_ids: Iterable[str]) -> dict[str, list[str]]:
    points = ContactPoint.objects.filter(
        channel=ContactChannel.SMS, value_index__in=[bytes.fromhex(token) for token in url_ids]
    ).select_related("party__citizen", "party__organisation")
    names: dict[str, list[str]] = {}
    for point in points.order_by("pk"):
        party = point.party
        for kind, column in (("citizen", "full_name"), ("organisation", "name")):
            if hasattr(party, kind):
                name = getattr(getattr(party, kind), column)
                names.setdefault(bytes(point.value_index).hex(), []).append(name)
    return names


def _points_of_sign_ins() -> list[ContactPoint]:
    """Return the phones of those whom the sign-in page offers, in its order."""
    order = {sign_in.username: place for place, sign_in in enumerate(demo_sign_ins())}
    points = ContactPoint.objects.filter(
        channel=ContactChannel.SMS, party__citizen__user__username__in=list(order)
    )
    users = dict(points.values_list("pk", "party__citizen__user__username"))
    return sorted(points, key=lambda point: order[users[point.pk]])


def name_of(token: str) -> str:
    """Return who uses a phone, "" where no register says so."""
    return ", ".join(_names([token]).get(token, []))


def bubbles(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Return lines of a phone's thread as its page shows them."""
    lines = list(lines)
    came = DemoDelivery.objects.in_bulk([line.pk for line in lines if not line.is_own])
    went = InboundMessage.objects.in_bulk([line.pk for line in lines if line.is_own])
    return [own_bubble(went[one.pk]) if one.is_own else bubble(came[one.pk]) for one in lines]


def own_bubble(written: InboundMessage) -> dict[str, Any]:
    """Return what was written from the phone."""
    return {"is_own": True, "text": written.body, "at": written.recorded_at}


def bubble(delivery: DemoDelivery) -> dict[str, Any]:
    """Return a message as templates/components/message.html shows it; only an SMS has parts."""
    is_sms = delivery.channel == ContactChannel.SMS
    subject, line, body = delivery.body.partition("\n")
    if is_sms or not line:
        subject, body = "", delivery.body
    return {
        "is_own": False,
        "sender": settings.SITE_NAME,
        "channel": delivery.channel,
        "way": _WAYS[delivery.channel],
        "icon": _ICONS[delivery.channel],
        "subject": subject,
        "text": body,
        "at": delivery.recorded_at,
        "state": gettext("reached the phone"),
        "parts": parts(delivery.body) if is_sms else 0,
    }
