"""The person has heard: what was said on one channel is not said on the next one as well."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from notifications.enums import MessageState, Reason
from notifications.models import Message


def note_heard(*, messages: Collection[int]) -> None:
    """Let nothing follow these messages (keys): not their chains, nor the digests that said them.

    For whoever learns that one was read, in the inbox or by a gateway's receipt, or that the
    person acted. A digest waits for no second answer: who opened one letter has seen the others.
    """
    if not messages:
        return
    known = Message.objects.filter(pk__in=messages).values_list("pk", "follows")
    chains = _chains_from({follows or pk for pk, follows in known})
    digests = set(chains.filter(digest__isnull=False).values_list("digest", flat=True))
    for rows in (chains, _chains_from({pk for pk in digests if pk is not None})):
        rows.filter(next_channel_at__isnull=False).update(next_channel_at=None)
        queued = rows.filter(follows__isnull=False, state=MessageState.QUEUED, handed_at=None)
        queued.update(state=MessageState.WITHDRAWN, reason=Reason.ACTED)


def _chains_from(roots: Collection[int]) -> QuerySet[Message]:
    return Message.objects.filter(Q(pk__in=roots) | Q(follows__in=roots))
