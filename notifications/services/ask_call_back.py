"""Ask the officials of somebody's place to call, once while nobody has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import PartyKind
from citizens.models import ContactPoint, Party, User
from notifications.models import CallBack, InboundMessage, Message
from notifications.selectors.answers import parties_at
from portal.common.errors import RefusedError

LONGEST_NOTE = 400


@transaction.atomic
def ask_call_back(
    *,
    inbound: InboundMessage,
    points: Sequence[ContactPoint],
    message: Message | None,
    reason: str,
    party: Party | None = None,
) -> CallBack:
    """Return the open call-back of whoever wrote, made where there is none.

    `party` is who wrote where that is known better than by the address. The unit is that of the
    one party whose address it is; of an address that is nobody's, or of several people of several
    places, no unit: the whole province's officials see those.
    """
    InboundMessage.objects.select_for_update(of=("self",)).get(pk=inbound.pk)
    waiting = CallBack.objects.filter(
        inbound__channel=inbound.channel,
        inbound__sender_index=bytes(inbound.sender_index),
        done_at=None,
    ).first()
    if waiting is not None:
        return waiting
    owners = parties_at(points) if party is None else [party.pk]
    places = {_unit_of(party) for party in Party.objects.filter(pk__in=owners)}
    return CallBack.objects.create(
        party_id=owners[0] if len(owners) == 1 else None,
        unit_id=places.pop() if len(places) == 1 else None,
        inbound=inbound,
        message=message,
        reason=reason,
    )


@transaction.atomic
def finish_call_back(*, call_back: CallBack, by: User, note: str, now: datetime) -> CallBack:
    """Note that somebody called; RefusedError where a colleague did before, or without a word."""
    row = CallBack.objects.select_for_update(of=("self",)).get(pk=call_back.pk)
    if row.done_at is not None:
        raise RefusedError(_("A colleague has called already."))
    if not note.strip():
        raise RefusedError(_("Please write in a few words what came of the call."))
    row.done_at, row.done_by, row.note = now, by, note.strip()[:LONGEST_NOTE]
    row.save(update_fields=["done_at", "done_by", "note"])
    return row


def _unit_of(party: Party) -> int:
    match party.kind:
        case PartyKind.CITIZEN:
            return party.citizen.unit_id
        case PartyKind.ORGANISATION:
            return party.organisation.unit_id
        case _:
            return party.household.unit_id
