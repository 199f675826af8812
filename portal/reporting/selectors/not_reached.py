"""Who was not reached: matters of which nothing arrived, or nothing was opened, in one unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Max, Min, Q, Value
from django.db.models.functions import Least

from citizens.models import Citizen, ContactPoint, Party, Unit
from notifications.enums import Channel, MessageState, Reason
from notifications.models import CallBack, Message
from notifications.rules.facts import VERIFIED_FOR
from notifications.services.record_visit import VISIT
from procedures.models import Suggestion
from procedures.models.suggestions import WAITING

M = MessageState
_LEFT = (M.SENT, M.DELIVERED)
_UNDER_WAY = (M.QUEUED, M.SENDING)
_BROKEN = (M.FAILED, M.PARKED)
_SUGGESTION = "suggestion:"
# A matter of which the last word is older is the archive's.
LOOKS_BACK = timedelta(days=90)
MOST = 2000


class Why(StrEnum):
    """Why somebody was not reached; the first that fits."""

    UNKNOWN = "unknown"
    UNREAD = "unread"
    FAILED = "failed"
    NO_GUARDIAN = "no_guardian"
    STOPPED = "stopped"
    OLD_CONTACT = "old_contact"
    NO_CONTACT = "no_contact"


@dataclass(frozen=True, slots=True)
class Missed:
    """A matter that did not reach one person; `message` is the last word of it.

    `visit` is the last mark of somebody who went there, if any. `suggestion` is its key where the
    matter is one.
    """

    recipient: int
    thread_key: str
    message: int
    why: Why
    first_at: datetime
    not_after: datetime | None
    suggestion: int | None = None
    visit: CallBack | None = None


def not_reached(*, unit: Unit, now: datetime, after_days: int) -> list[Missed]:
    """Return what did not reach the living people, and the organisations, of a unit; at most MOST.

    A matter is one thread to one recipient. It has arrived when anything of it was opened, when an
    SMS of it was reported as delivered, or when the person acted. What is still under way is not
    counted, nor what was sent outside the inbox within the last `after_days` days. A matter that
    is over, that came too late, or whose suggestion waits for nobody any more is left out.
    """
    rows = list(_threads(unit, now))
    contacts = _contacts({row["recipient_id"] for row in rows}, now)
    waiting = _waiting({row["thread_key"] for row in rows})
    visits = _visits(rows)
    found = []
    for row in rows:
        suggestion = _suggestion_of(row["thread_key"])
        why = _why(row, contacts, now - timedelta(days=after_days))
        if why is None or (suggestion is not None and suggestion not in waiting):
            continue
        found.append(
            Missed(
                recipient=row["recipient_id"],
                thread_key=row["thread_key"],
                message=row["last"],
                why=why,
                first_at=row["first_at"],
                not_after=row["not_after"],
                suggestion=suggestion,
                visit=visits.get((row["recipient_id"], row["thread_key"])),
            )
        )
    return found


def _threads(unit: Unit, now: datetime) -> Iterable[dict[str, Any]]:
    """Return one row a recipient and thread: what became of its messages."""
    alive = Citizen.objects.alive().filter(unit=unit, emigrated_on=None).order_by()
    people = Party.objects.filter(Q(pk__in=alive.values("pk")) | Q(organisation__unit=unit))
    outside = Q(state__in=_LEFT) & ~Q(channel=Channel.INBOX)
    arrived = Q(read_at__isnull=False) | Q(state=M.DELIVERED, channel=Channel.SMS)
    # What was said together with others fared as the message that said them all.
    arrived |= Q(digest__read_at__isnull=False) | Q(
        digest__state=M.DELIVERED, digest__channel=Channel.SMS
    )
    together = Q(digest__state__in=_LEFT) & ~Q(digest__channel=Channel.INBOX)
    acted = Q(state=M.WITHDRAWN, reason=Reason.ACTED)
    rows: Any = (
        Message.objects.filter(recipient__in=people.values("pk"), recorded_at__gt=now - LOOKS_BACK)
        .exclude(thread_key="")
        .values("recipient_id", "thread_key")
        .annotate(
            last=Max("pk"),
            first_at=Min("due_at"),
            not_after=Max("not_after"),
            is_over=BoolOr(arrived | acted, default=Value(False)),
            is_under_way=BoolOr(
                Q(state__in=_UNDER_WAY) | Q(digest__state__in=_UNDER_WAY), default=Value(False)
            ),
            is_unknown=BoolOr(Q(state=M.UNKNOWN) | Q(digest__state=M.UNKNOWN)),
            is_failed=BoolOr(Q(state__in=_BROKEN) | Q(digest__state__in=_BROKEN)),
            is_inside=BoolOr(Q(state__in=_LEFT, channel=Channel.INBOX)),
            outside_at=Least(
                Min("sent_at", filter=outside), Min("digest__sent_at", filter=together)
            ),
            **{name: BoolOr(Q(state=M.SUPPRESSED, reason=name)) for name in _SUPPRESSED},
        )
        .filter(is_over=False, is_under_way=False)
        .filter(Q(not_after=None) | Q(not_after__gt=now))
        .order_by("recipient_id", "last")[:MOST]
    )
    found: Iterable[dict[str, Any]] = rows
    return found


_SUPPRESSED = (Reason.NO_ADDRESS.value, Reason.OPTED_OUT.value, Reason.NO_GUARDIAN.value)


def _why(
    row: Mapping[str, Any], contacts: Mapping[int, Why], opened_before: datetime
) -> Why | None:
    """Return why nothing arrived; None where there is time yet, or where nothing was to arrive."""
    if row["is_unknown"]:
        return Why.UNKNOWN
    if row["outside_at"] is not None:
        return Why.UNREAD if row["outside_at"] < opened_before else None
    if row["is_failed"]:
        return Why.FAILED
    if row[Reason.NO_GUARDIAN.value]:
        return Why.NO_GUARDIAN
    if row[Reason.OPTED_OUT.value]:
        return Why.STOPPED
    if row["is_inside"] or row[Reason.NO_ADDRESS.value]:
        return contacts.get(row["recipient_id"], Why.NO_CONTACT)
    return None


def _contacts(parties: Iterable[int], now: datetime) -> dict[int, Why]:
    """Return, for those who have an address, whether it is too old or was not wanted."""
    trusted = Max("verified_at")
    rows = ContactPoint.objects.filter(party__in=set(parties)).values_list("party_id")
    return {
        party: Why.STOPPED if newest and newest > now - VERIFIED_FOR else Why.OLD_CONTACT
        for party, newest in rows.annotate(newest=trusted)
        if party is not None
    }


def _waiting(threads: Iterable[str]) -> set[int]:
    """Return the suggestions among these threads that wait for an answer."""
    keys = {key for thread in threads if (key := _suggestion_of(thread)) is not None}
    waiting = Suggestion.objects.filter(pk__in=keys, state__in=WAITING)
    return set(waiting.values_list("pk", flat=True))


def _suggestion_of(thread_key: str) -> int | None:
    number = thread_key.removeprefix(_SUGGESTION)
    return int(number) if number != thread_key and number.isdecimal() else None


def _visits(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[int, str], CallBack]:
    """Return the last mark of a visit for each recipient and thread."""
    marks = CallBack.objects.filter(
        reason=VISIT, party__in={row["recipient_id"] for row in rows}
    ).select_related("message", "done_by")
    return {
        (mark.party_id, mark.message.thread_key): mark
        for mark in marks.order_by("done_at", "pk")
        if mark.party_id is not None and mark.message is not None
    }
