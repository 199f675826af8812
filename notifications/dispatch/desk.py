"""The side of the database: claim, check, hand over, write back. Short transactions, no network."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from citizens.models import ContactPoint
from notifications.dispatch.claims import Claim, in_order
from notifications.dispatch.daily import give_back_unsent, over_limit
from notifications.dispatch.gateways import Gateways
from notifications.dispatch.parcels import Outcome, Pace, Parcel, poisoned
from notifications.dispatch.together import (
    LONGEST_WAIT,
    bundles,
    claim_companions,
    write_digests,
)
from notifications.dispatch.turns import Turns, spread
from notifications.dispatch.writing import note_lost_attempts, write_outcomes
from notifications.enums import Channel, MessageState, Priority, Reason
from notifications.models import Message, Topic
from notifications.policy import Go, Hold, decide
from notifications.rendering import render
from notifications.rules.facts import DEMO_NUMBERS, DIGEST, READ_OR_NOT, Case
from notifications.rules.sms import parts
from notifications.rules.timing import MAX_ATTEMPTS, next_morning
from notifications.selectors.cases import gather_cases
from notifications.selectors.texts import Shelf
from notifications.services.queue_next_channel import queue_next_channel
from notifications.services.watch_gate import is_gate_closed
from notifications.transports.base import Content
from portal.common import clock
from portal.common.outbox import claim, write_back
from portal.common.sql import is_database_away

log = structlog.get_logger(__name__)

_SHELF_SECONDS = 30.0
_LOOK_EVERY = 2.0  # seconds between looks for what goes on to its next channel
_ORPHANS_EVERY = 0.5
_SUSPECT_AFTER = 3


@dataclass(frozen=True)
class Batch:
    """What claimed rows became: those to go out, those settled, and those handed over later.

    Of `later` nothing is noted yet: after a crash they are sent as if nobody had claimed them.
    """

    parcels: Sequence[Parcel]
    settled: Sequence[Outcome]
    later: Sequence[Parcel] = ()


class Desk:
    """One dispatcher's view of the outbox. Use it from one thread."""

    def __init__(self, gateways: Gateways, *, pace: Pace, lift_quiet_hours: bool = False) -> None:
        """Serve these gateways; each claim looks which of them are in service."""
        self._gateways = gateways
        self._turns = Turns(gateways)
        self._pace = pace
        self._lifted = lift_quiet_hours
        self._shelf, self._shelf_until = Shelf({}, {}), 0.0
        self._orphans_after = self._next_look = self._together_until = 0.0
        self._closed: Mapping[Channel, Hold] = {}
        self._unread_after: dict[str, timedelta] = {}

    def lift_quiet_hours(self) -> int:
        """Make due what waits for the morning; return how many messages."""
        now = clock.now()
        waiting = Message.objects.held(now).filter(reason=Reason.QUIET_HOURS)
        return waiting.update(due_at=now, reason="")

    def claim(self, *, urgent_only: bool = False) -> Claim:
        """Take what is due, most urgent first; nothing while the gate is closed."""
        now, started = clock.now(), time.monotonic()
        if is_gate_closed():
            return Claim((), 0.0)
        self._gateways.refresh(now)
        rows = self._claim(now, urgent_only=urgent_only)
        if not urgent_only and (not rows or started >= self._next_look):
            self._next_look = started + _LOOK_EVERY
            if queue_next_channel(channels=self._gateways.traits.keys()) and not rows:
                rows = self._claim(clock.now(), urgent_only=False)
        rows = self._with_companions(rows, now)
        return Claim(in_order(rows), started + self._pace.lease - self._pace.send_timeout - 1)

    def is_waiting(self) -> bool:
        """Tell whether something was put back for a moment, to leave together with the rest."""
        return time.monotonic() < self._together_until

    def prepare(self, rows: Sequence[Message], *, deadline: float) -> Batch:
        """Check claimed rows, write what is settled, commit what is about to be handed over."""
        now = clock.now()
        self._closed = self._gateways.closed(now)
        plans = self._plan(rows, now=now, deadline=deadline)
        parcels = [plan for plan in plans if isinstance(plan, Parcel)]
        going, waiting = self._turns.share_out(parcels, now=now)
        later = [parcel for parcel in going if parcel.is_handed_late]
        going = [parcel for parcel in going if not parcel.is_handed_late]
        going, held = self._hand_over(going, now=now)
        settled = [plan for plan in plans if isinstance(plan, Outcome)]
        settled = spread([*settled, *waiting, *held], now=now)
        write_outcomes(settled)
        return Batch(going, settled, later)

    def hand_over(self, parcels: Sequence[Parcel]) -> Batch:
        """Commit that these of a batch's `later` are about to be handed over."""
        going, held = self._hand_over(parcels, now=clock.now())
        write_outcomes(held)
        return Batch(going, held)

    def _claim(self, now: datetime, *, urgent_only: bool) -> list[Message]:
        limit = self._pace.batch
        until = now + timedelta(seconds=self._pace.lease)
        due = Message.objects.due(now)
        if urgent_only:
            due = due.filter(priority=Priority.CODE)
            return claim(due, held=MessageState.SENDING, until=until, limit=limit)
        orphans = self._claim_orphans(now, until=until, limit=limit)
        if any(row.attempt > _SUSPECT_AFTER for row in orphans):
            return orphans
        left = limit - len(orphans)
        return orphans + claim(due, held=MessageState.SENDING, until=until, limit=left)

    def _claim_orphans(self, now: datetime, *, until: datetime, limit: int) -> list[Message]:
        """Take what a dead sender left; what several died with is taken alone, lest more do."""
        if time.monotonic() < self._orphans_after:
            return []
        orphaned = Message.objects.orphaned(now)
        fresh = orphaned.filter(attempt__lt=_SUSPECT_AFTER)
        found = claim(fresh, held=MessageState.SENDING, until=until, limit=limit)
        if not found:
            found = claim(orphaned, held=MessageState.SENDING, until=until, limit=1)
        self._orphans_after = 0.0 if found else time.monotonic() + _ORPHANS_EVERY
        note_lost_attempts(found)
        return found

    def _with_companions(self, rows: list[Message], now: datetime) -> list[Message]:
        """Add what else is due to whom these remind; give back what another dispatcher shares."""
        is_suspect = any(row.attempt > _SUSPECT_AFTER for row in rows)
        if is_suspect or DIGEST not in self._texts().newest:
            return rows
        until = now + timedelta(seconds=self._pace.lease)
        more, back = claim_companions(rows, now=now, until=until, limit=self._pace.batch)
        write_outcomes(back)
        if back:
            self._together_until = time.monotonic() + LONGEST_WAIT.total_seconds()
        gone = {outcome.message.pk for outcome in back}
        return [row for row in (*rows, *more) if row.pk not in gone]

    def _plan(
        self, rows: Sequence[Message], *, now: datetime, deadline: float
    ) -> list[Parcel | Outcome]:
        """Decide about each row; one that breaks all checks is found by taking them singly."""
        try:
            plans = list(self._plan_together(rows, now=now, deadline=deadline))
        except Exception as error:
            if is_database_away(error):  # the database, not a row
                raise
            if len(rows) == 1:
                return [poisoned(rows[0], error, now=now)]
            log.warning("batch_broke_the_checks", error=type(error).__name__, size=len(rows))
            return [p for row in rows for p in self._plan([row], now=now, deadline=deadline)]
        return plans

    def _plan_together(
        self, rows: Sequence[Message], *, now: datetime, deadline: float
    ) -> Iterator[Parcel | Outcome]:
        undecided: dict[int, Message] = {}
        for row in rows:
            known = self._without_checks(row, now=now, deadline=deadline)
            if known is None:
                undecided[row.pk] = row
            else:
                yield known
        if not undecided:
            return
        cases = gather_cases(list(undecided.values()), now=now, shelf=self._texts())
        going: dict[int, Go] = {}
        for pk, case in cases.items():
            verdict = self._verdict(undecided[pk], case, now=now)
            if isinstance(verdict, Go):
                going[pk] = verdict
            else:
                yield verdict
        groups = bundles(undecided, going) if DIGEST in self._texts().newest else []
        members = write_digests(groups, shelf=self._texts(), now=now)
        yield from members
        for outcome in members:
            del going[outcome.message.pk]
        points = ContactPoint.objects.in_bulk(
            {go.address.pk for go in going.values() if go.address}
        )
        for pk, go in going.items():
            undecided[pk].params = {**undecided[pk].params, **cases[pk].params}
            yield self._parcel(undecided[pk], go, points, now=now, deadline=deadline)

    def _without_checks(
        self, row: Message, *, now: datetime, deadline: float
    ) -> Parcel | Outcome | None:
        """Settle what an earlier attempt left open; None when the message needs its checks."""
        if row.handed_at is None:
            gave_up = row.tries > MAX_ATTEMPTS
            return Outcome(row, MessageState.PARKED, Reason.GAVE_UP) if gave_up else None
        channel = Channel(row.channel) if row.channel else None
        traits = self._gateways.traits.get(channel) if channel else None
        closed = self._closed.get(channel) if channel else None
        if closed is not None:  # who may have it is asked when it is back, and nobody else
            return _wait(row, closed)
        if channel and traits and traits.can_ask and row.tries <= 2 * MAX_ATTEMPTS:
            nothing = Content(body="")
            return Parcel(
                row,
                channel,
                traits,
                nothing,
                "",
                deadline,
                row.handed_at,
                self._gateways.epoch(channel),
                must_ask=True,
                unread_after=self._patience(row, channel),
            )
        window = traits.deduplicates_for if traits else None
        if window is not None and now - row.handed_at < window and row.tries <= MAX_ATTEMPTS:
            return None
        return Outcome(row, MessageState.UNKNOWN, Reason.OUTCOME_UNKNOWN)

    def _verdict(self, row: Message, case: Case, *, now: datetime) -> Go | Outcome:
        decision = decide(
            replace(case, lifted=True) if self._lifted else case,
            now=now,
            gateways=self._gateways.traits,
            closed=self._closed,
        )
        if isinstance(decision, Go):
            return decision
        if isinstance(decision, Hold):
            return _wait(row, decision)
        return _never(row, decision.reason)

    def _parcel(
        self,
        row: Message,
        go: Go,
        points: Mapping[int, ContactPoint],
        *,
        now: datetime,
        deadline: float,
    ) -> Parcel | Outcome:
        """Put the message into words and open its address; what cannot be is set aside."""
        try:
            rendered = render(
                row,
                shelf=self._texts(),
                channel=go.channel,
                language=go.language,
                is_neutral=bool(go.address and go.address.is_shared),
                day=clock.civil_date(now),
            )
            point = points[go.address.pk] if go.address else None
            address = point.value if point else ""
        except Exception as error:  # whatever one row can do must not stop the others (F10)
            return poisoned(row, error, now=now)
        if settings.REFUSE_DEMO_NUMBERS and address.startswith(DEMO_NUMBERS):
            return _never(row, Reason.DEMO_NUMBER)
        row.channel, row.text_version = go.channel, rendered.text_version
        row.short_code = rendered.short_code
        row.rendered = "" if rendered.has_secrets else rendered.content.body
        row.address_index = bytes(point.value_index) if point else None
        row.part_count, row.price_vnd = _cost(go.channel, rendered.content.body)
        return Parcel(
            row,
            go.channel,
            self._gateways.traits[go.channel],
            rendered.content,
            address,
            deadline,
            row.handed_at or now,
            self._gateways.epoch(go.channel),
            unread_after=self._patience(row, go.channel),
        )

    def _patience(self, row: Message, channel: Channel) -> timedelta | None:
        """Return for how long a message may stay unread before its next channel follows."""
        can_be_read = row.recipient_id is not None and channel in READ_OR_NOT
        return self._unread_after.get(row.topic_id) if can_be_read else None

    def _texts(self) -> Shelf:
        if time.monotonic() > self._shelf_until:
            self._shelf, self._shelf_until = Shelf.of_all(), time.monotonic() + _SHELF_SECONDS
            topics = Topic.objects.exclude(next_channel_after_days=None)
            days = topics.values_list("pk", "next_channel_after_days")
            self._unread_after = {topic: timedelta(days=after or 0) for topic, after in days}
        return self._shelf

    def _hand_over(
        self, parcels: Sequence[Parcel], *, now: datetime
    ) -> tuple[list[Parcel], list[Outcome]]:
        """Commit which gateway may have the messages from now on; drop what was withdrawn.

        What its number must not get any more today comes back as held until the morning.
        """
        day = clock.civil_date(now)
        going = [parcel for parcel in parcels if not parcel.must_ask]
        with transaction.atomic():
            over = over_limit(going, day=day)
            late = {parcel.message.pk for parcel in over}
            going = [parcel for parcel in going if parcel.message.pk not in late]
            rows = [_handed(parcel) for parcel in going]
            ours = write_back(Message, rows, held=MessageState.SENDING, keep_lease=True)
            give_back_unsent((p for p in going if p.message.pk not in ours), day=day)
        morning = Hold(next_morning(clock.civil_time(now)), Reason.DAILY_LIMIT)
        held = [_wait(parcel.message, morning) for parcel in over]
        return [p for p in parcels if p.must_ask or p.message.pk in ours], held


def _cost(channel: Channel, body: str) -> tuple[int | None, int | None]:
    """Return how many parts an SMS takes and its price in đồng; other channels have neither."""
    if channel != Channel.SMS:
        return None, None
    count = parts(body)
    return count, count * settings.SMS_PART_PRICE_VND


def _handed(parcel: Parcel) -> dict[str, Any]:
    message = parcel.message
    return {
        "pk": message.pk,
        "attempt": message.attempt,
        "channel": parcel.channel,
        "text_version": message.text_version,
        "short_code": message.short_code,
        "rendered": message.rendered,
        "address_index": message.address_index,
        "part_count": message.part_count,
        "price_vnd": message.price_vnd,
        "handed_at": parcel.handed_at,
    }


def _wait(row: Message, hold: Hold) -> Outcome:
    """Leave it queued for later, as if it had not been claimed; an earlier doubt stays."""
    return Outcome(
        row,
        MessageState.QUEUED,
        hold.reason,
        due_at=hold.until,
        is_settled=row.handed_at is None,
        is_untouched=True,
    )


def _never(row: Message, reason: Reason) -> Outcome:
    """Do not send it; where a gateway may have it already, a person looks."""
    in_doubt = row.handed_at is not None
    return Outcome(row, MessageState.UNKNOWN if in_doubt else MessageState.SUPPRESSED, reason)
