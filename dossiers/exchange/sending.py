"""Drain the outbox to partners: claim, tell, write back (portal.common.outbox).

A partner that is out of service holds its own rows only, and ends nothing: they go on with back-off
until it answers. What it refuses is parked, and so is what fails here again and again; where
nobody can tell whether a call arrived, and the partner can neither be asked nor told again, the row
is `unknown`. Of both a person decides.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db.models import Exists, OuterRef, Q, QuerySet

from dossiers.enums import ExchangeKind, ExchangeState
from dossiers.exchange.adapter import deliver
from dossiers.exchange.http import SECONDS, ExchangeError
from dossiers.exchange.portal import NationalPortal
from dossiers.exchange.unnamed import names_of, without_people
from dossiers.models import ExchangeAttempt, ExchangeLink, ExchangeRow
from dossiers.models.exchange import SETTLED
from dossiers.partners.address import address_of, partners
from dossiers.partners.mapping import PartnerMapping, Repeats, mapping_of
from portal.common import clock
from portal.common.outbox import claim, release, write_back

LEASE = timedelta(minutes=2)
MOST_SECONDS = 60.0  # of one bell; the next goes on
MOST_FAULTS = 8  # of our own, before a row is parked
_BATCH = 10
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=20), timedelta(minutes=30)
_DOWN_AFTER = 3  # failures in a row, and the bell is over for this partner
log = structlog.get_logger(__name__)

Lines = Callable[[str], NationalPortal]


class LeaseError(Exception):
    """The lease is too near its end for another call."""


def line_to(partner: str) -> NationalPortal:
    """Return a line to a partner."""
    return NationalPortal(address_of(partner))


def exchange(*, now: datetime, lines: Lines = line_to) -> int:
    """Tell every partner what is due at `now`, for at most a minute; return how many rows went."""
    return sum(_serve(partner, now, lines(partner)) for partner in partners())


def due_rows(partner: str, now: datetime) -> QuerySet[ExchangeRow]:
    """Return the rows that somebody may take at `now`: of each dossier the first that is open."""
    waiting = Q(state=ExchangeState.WAITING, due_at__lte=now)
    left = Q(state=ExchangeState.SENDING, lease_until__lt=now)
    earlier = ExchangeRow.objects.filter(
        partner=OuterRef("partner"), dossier=OuterRef("dossier"), pk__lt=OuterRef("pk")
    ).exclude(state__in=SETTLED)
    rows = ExchangeRow.objects.filter(waiting | left, partner=partner)
    return rows.exclude(Exists(earlier)).order_by("due_at", "pk")


def back_off(attempt: int) -> timedelta:
    """Return how long a row waits after its n-th failure."""
    doubled: int = 2 ** min(max(attempt, 1) - 1, 10)
    return min(_FIRST_WAIT * doubled, _LONGEST_WAIT)


def _serve(partner: str, now: datetime, line: NationalPortal) -> int:
    """Return how many rows the partner acknowledged."""
    mapping, until = mapping_of(partner), time.monotonic() + MOST_SECONDS
    sent = failures = 0
    while failures < _DOWN_AFTER and time.monotonic() < until:
        at = max(now, clock.now())
        rows = claim(
            due_rows(partner, now), held=ExchangeState.SENDING, until=at + LEASE, limit=_BATCH
        )
        if not rows:
            break
        for row in sorted(rows, key=lambda one: one.pk):
            if failures >= _DOWN_AFTER:
                _give_back(row)
                continue
            outcome = _send(row, line, mapping, now)
            sent += outcome is True
            failures = failures + 1 if outcome is False else 0
    return sent


def _send(
    row: ExchangeRow, line: NationalPortal, mapping: PartnerMapping, now: datetime
) -> bool | None:
    """Return whether it was acknowledged; False where the partner itself failed."""
    line.before = _within(row)
    ExchangeAttempt.objects.create(row=row, number=row.attempt, began_at=clock.now())
    try:
        receipt = deliver(row=row, line=line, mapping=mapping)
    except ExchangeError as error:
        return _note_refusal(row, error, mapping, now)
    except LeaseError:
        _end_attempt(row, "", "lease")
        return None  # whoever claims it next goes on
    except Exception as error:
        log.warning("a row for a partner failed here", row=row.pk, error=type(error).__name__)
        is_last = row.attempt >= MOST_FAULTS
        state = ExchangeState.PARKED if is_last else ExchangeState.WAITING
        _write(row, state, f"failed here: {type(error).__name__}", now)
        return None
    return _note_receipt(row, receipt, now)


def _within(row: ExchangeRow) -> Callable[[], None]:
    """Return what forbids a call that could end after the lease of its row."""

    def look() -> None:
        end = row.lease_until
        if end is None or clock.now() + timedelta(seconds=SECONDS + 2) > end:
            raise LeaseError

    return look


def _note_receipt(row: ExchangeRow, receipt: str, now: datetime) -> bool:
    written = write_back(
        ExchangeRow,
        [
            {
                "pk": row.pk,
                "attempt": row.attempt,
                "state": ExchangeState.ACKNOWLEDGED,
                "acknowledgement": receipt[:60],
                "answered_at": now,
                "reason": "",
            }
        ],
        held=ExchangeState.SENDING,
    )
    _end_attempt(row, ExchangeState.ACKNOWLEDGED, "")
    if not written or row.dossier_id is None:
        return bool(written)
    links = ExchangeLink.objects.filter(partner=row.partner, dossier=row.dossier_id)
    links.update(heard_at=now)
    if row.kind == ExchangeKind.DOSSIER:
        links.filter(known_at__isnull=True).update(known_at=now)
    return True


def _note_refusal(
    row: ExchangeRow, error: ExchangeError, mapping: PartnerMapping, now: datetime
) -> bool | None:
    if error.is_final:
        _write(row, ExchangeState.PARKED, without_people(str(error), names_of(row.dossier)), now)
        return None
    if error.is_uncertain and mapping.repeats == Repeats.NEVER:
        _write(row, ExchangeState.UNKNOWN, str(error), now)
        return None
    _write(row, ExchangeState.WAITING, str(error), now)
    return False


def _write(row: ExchangeRow, state: ExchangeState, reason: str, now: datetime) -> None:
    write_back(
        ExchangeRow,
        [
            {
                "pk": row.pk,
                "attempt": row.attempt,
                "state": state,
                "reason": reason[:300],
                "due_at": now + back_off(row.attempt),
            }
        ],
        held=ExchangeState.SENDING,
    )
    _end_attempt(row, state, reason)


def _end_attempt(row: ExchangeRow, state: str, reason: str) -> None:
    """Write what became of a try, also where the row meanwhile has another holder."""
    tries = ExchangeAttempt.objects.filter(row=row.pk, number=row.attempt)
    tries.update(ended_at=clock.now(), state=state, reason=reason[:300])


def _give_back(row: ExchangeRow) -> None:
    release(
        ExchangeRow,
        [
            {
                "pk": row.pk,
                "attempt": row.attempt,
                "lease_until": row.lease_until,
                "state": ExchangeState.WAITING,
            }
        ],
        held=ExchangeState.SENDING,
    )
