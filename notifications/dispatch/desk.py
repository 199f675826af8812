"""The side of the database: claim, check, hand over, write back. Short transactions, no network."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError

from citizens.models import ContactPoint
from notifications.dispatch.gateways import Gateways
from notifications.dispatch.parcels import Outcome, Pace, Parcel, poisoned
from notifications.dispatch.turns import Turns, spread
from notifications.dispatch.writing import note_lost_attempts, write_outcomes
from notifications.enums import Channel, MessageState, Priority, Reason
from notifications.models import Gate, Message
from notifications.policy import Go, Hold, decide
from notifications.rendering import render
from notifications.rules.facts import DEMO_NUMBERS, Case
from notifications.rules.timing import MAX_ATTEMPTS
from notifications.selectors.cases import gather_cases
from notifications.selectors.texts import Shelf
from notifications.transports.base import Content
from portal.common import clock
from portal.common.outbox import claim, write_back

log = structlog.get_logger(__name__)

_SHELF_SECONDS = 30.0
_ORPHANS_EVERY = 0.5
_SUSPECT_AFTER = 3


@dataclass(frozen=True)
class Claim:
    """Claimed rows, and until when (time.monotonic()) their sends may begin."""

    rows: Sequence[Message]
    deadline: float


@dataclass(frozen=True)
class Batch:
    """What claimed rows became: those to go out, and those settled at once."""

    parcels: Sequence[Parcel]
    settled: Sequence[Outcome]


class Desk:
    """One dispatcher's view of the outbox. Use it from one thread."""

    def __init__(self, gateways: Gateways, *, pace: Pace, lift_quiet_hours: bool = False) -> None:
        """Serve these gateways; each claim looks which of them are in service."""
        self._gateways = gateways
        self._turns = Turns(gateways)
        self._pace = pace
        self._lifted = lift_quiet_hours
        self._shelf, self._shelf_until = Shelf({}, {}), 0.0
        self._orphans_after = 0.0
        self._closed: Mapping[Channel, Hold] = {}
        self.is_blind = any(traits.is_blind for traits in gateways.traits.values())

    def lift_quiet_hours(self) -> int:
        """Make due what waits for the morning; return how many messages."""
        now = clock.now()
        waiting = Message.objects.held(now).filter(reason=Reason.QUIET_HOURS)
        return waiting.update(due_at=now, reason="")

    def claim(self, *, urgent_only: bool = False) -> Claim:
        """Take what is due, most urgent first; nothing while the gate is closed."""
        now, started = clock.now(), time.monotonic()
        if Gate.objects.filter(paused=True).exists():
            return Claim((), 0.0)
        self._gateways.refresh(now)
        rows = self._claim(now, urgent_only=urgent_only)
        rows.sort(key=lambda row: (row.priority, row.due_at))
        return Claim(rows, started + self._pace.lease - self._pace.send_timeout - 1)

    def prepare(self, rows: Sequence[Message], *, deadline: float) -> Batch:
        """Check claimed rows, write what is settled, commit what is about to be handed over."""
        now = clock.now()
        self._closed = self._gateways.closed(now)
        plans = self._plan(rows, now=now, deadline=deadline)
        parcels = [plan for plan in plans if isinstance(plan, Parcel)]
        going, waiting = self._turns.share_out(parcels, now=now)
        settled = spread([p for p in plans if isinstance(p, Outcome)] + waiting, now=now)
        write_outcomes(settled)
        return Batch(self._hand_over(going), settled)

    def _claim(self, now: datetime, *, urgent_only: bool) -> list[Message]:
        limit = self._pace.blind_batch if self.is_blind else self._pace.batch
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

    def _plan(
        self, rows: Sequence[Message], *, now: datetime, deadline: float
    ) -> list[Parcel | Outcome]:
        """Decide about each row; one that breaks all checks is found by taking them singly."""
        try:
            plans = list(self._plan_together(rows, now=now, deadline=deadline))
        except (OperationalError, InterfaceError):  # the database, not a row
            raise
        except Exception as error:
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
        cases = gather_cases(list(undecided.values()), day=clock.civil_date(now))
        going: dict[int, Go] = {}
        for pk, case in cases.items():
            verdict = self._verdict(undecided[pk], case, now=now)
            if isinstance(verdict, Go):
                going[pk] = verdict
            else:
                yield verdict
        points = ContactPoint.objects.in_bulk(
            {go.address.pk for go in going.values() if go.address}
        )
        for pk, go in going.items():
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
            epoch = self._gateways.epoch(channel)
            return Parcel(
                row, channel, traits, nothing, "", deadline, row.handed_at, epoch, must_ask=True
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
            address = points[go.address.pk].value if go.address else ""
        except Exception as error:  # whatever one row can do must not stop the others (F10)
            return poisoned(row, error, now=now)
        if settings.REFUSE_DEMO_NUMBERS and address.startswith(DEMO_NUMBERS):
            return _never(row, Reason.DEMO_NUMBER)
        row.channel, row.text_version = go.channel, rendered.text_version
        row.short_code = rendered.short_code
        row.rendered = "" if rendered.has_secrets else rendered.content.body
        return Parcel(
            row,
            go.channel,
            self._gateways.traits[go.channel],
            rendered.content,
            address,
            deadline,
            row.handed_at or now,
            self._gateways.epoch(go.channel),
        )

    def _texts(self) -> Shelf:
        if time.monotonic() > self._shelf_until:
            self._shelf, self._shelf_until = Shelf.of_all(), time.monotonic() + _SHELF_SECONDS
        return self._shelf

    def _hand_over(self, parcels: Sequence[Parcel]) -> list[Parcel]:
        """Commit which gateway may have the messages from now on; drop what was withdrawn."""
        going = [parcel for parcel in parcels if not parcel.must_ask]
        rows = [
            {
                "pk": parcel.message.pk,
                "attempt": parcel.message.attempt,
                "channel": parcel.channel,
                "text_version": parcel.message.text_version,
                "short_code": parcel.message.short_code,
                "rendered": parcel.message.rendered,
                "handed_at": parcel.handed_at,
            }
            for parcel in going
        ]
        ours = write_back(Message, rows, held=MessageState.SENDING, keep_lease=True)
        return [p for p in parcels if p.must_ask or p.message.pk in ours]


def _wait(row: Message, hold: Hold) -> Outcome:
    """Leave it queued for later, as if it had not been claimed."""
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
