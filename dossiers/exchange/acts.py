"""What an official does by hand with what is exchanged; each act is kept with who, when and why.

Rows come with the attempt that the official saw. One that moved since, that a dispatcher holds at
this moment, or with which it would not be safe, is left as it is and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from dossiers.enums import ExchangeActKind, ExchangeKind, ExchangeState
from dossiers.exchange.reconciling import (
    apply_repair,
    asked_since,
    dismiss_difference,
    is_running,
)
from dossiers.models import (
    Difference,
    Dossier,
    ExchangeAct,
    ExchangeLink,
    ExchangeRow,
    Reconciliation,
)
from dossiers.partners.address import partners
from dossiers.partners.mapping import MappingError, Repeats, mapping_of
from dossiers.services.note_for_partners import note
from dossiers.workflow import FIRST
from notifications.services.acting import checked_reason
from portal.common.errors import RefusedError

MOST_AT_ONCE = 100
_S = ExchangeState


@dataclass(frozen=True)
class Done:
    """How many rows an act changed, and how many it left as they were."""

    count: int
    left: int


def states_for(kind: ExchangeActKind) -> frozenset[ExchangeState]:
    """Return the states in which an act may be done with a row."""
    return _STATES.get(kind, frozenset())


def may_act(row: ExchangeRow, kind: ExchangeActKind) -> bool:
    """Return whether an act is safe with the row as it stands."""
    return row.pk in safe_with([row], kind)


def safe_with(rows: Iterable[ExchangeRow], kind: ExchangeActKind) -> set[int]:
    """Return the keys of the rows with which an act is safe as they stand."""
    open_ones = [row for row in rows if row.state in states_for(kind)]
    of_links = {row.dossier_id for row in open_ones} if kind in _BY_LINK else set()
    links = {
        (link.partner, link.dossier_id): link
        for link in ExchangeLink.objects.filter(dossier__in=of_links)
    }
    return {row.pk for row in open_ones if _is_safe(row, kind, links.get((row.partner, _of(row))))}


def _of(row: ExchangeRow) -> int:
    return row.dossier_id or 0


def _is_safe(row: ExchangeRow, kind: ExchangeActKind, link: ExchangeLink | None) -> bool:
    if kind is ExchangeActKind.RESEND:
        return row.state != _S.UNKNOWN or _may_repeat(row.partner)
    if row.kind != ExchangeKind.DOSSIER or kind is ExchangeActKind.NOT_ARRIVED:
        return True
    if kind is ExchangeActKind.ARRIVED:
        return link is not None and link.their_code != ""  # without a number nothing was sent
    return link is not None and link.known_at is not None  # else what follows would be refused


def act_on_rows(
    *,
    kind: ExchangeActKind,
    seen: Mapping[UUID, int],
    reason: str,
    by: User,
    now: datetime,
) -> Done:
    """Do it with the rows that were seen, by their attempt; RefusedError without a reason or row.

    RESEND: due at once, under the same reference; what may have arrived only at a partner that
    can be asked or told again. ARRIVED, NOT_ARRIVED: a person found out about an unknown one;
    where its status is a call of its own, that is told once more, which does no harm.
    DROP: it need not be sent.
    """
    why = checked_reason(reason)
    if not 0 < len(seen) <= MOST_AT_ONCE:
        raise RefusedError(_("Please choose from 1 to %(most)d rows.") % {"most": MOST_AT_ONCE})
    with transaction.atomic():
        free = ExchangeRow.objects.filter(public_id__in=seen).order_by("pk")
        held = free.select_for_update(skip_locked=True, of=("self",))
        same = [row for row in held if row.attempt == seen[row.public_id]]
        safe = safe_with(same, kind)
        rows = [row for row in same if row.pk in safe]
        acts = [_act_of(row, kind, why, by, now) for row in rows]
        for row in rows:
            _CHANGES[kind](row, now)
            row.decided_by = by
            row.save(update_fields=["state", "due_at", "answered_at", "decided_by"])
        ExchangeAct.objects.bulk_create(acts)
    return Done(len(rows), len(seen) - len(rows))


def ask_comparison(*, partner: str, reason: str, by: User, now: datetime) -> None:
    """Let the next bell compare the books; RefusedError where it does already, or is asked to."""
    why = checked_reason(reason)
    if partner not in partners():
        raise RefusedError(_("Nothing is exchanged with this partner now."))
    open_ones = Reconciliation.objects.filter(partner=partner, ended_at=None)
    runs = any(is_running(run, now) for run in open_ones)
    if runs or asked_since(partner) is not None:
        raise RefusedError(_("A comparison with this partner is under way."))
    ExchangeAct.objects.create(
        kind=ExchangeActKind.RECONCILE, partner=partner, reason=why, by=by, at=now
    )


def decide_difference(
    *, difference: Difference, kind: ExchangeActKind, reason: str, by: User, now: datetime
) -> None:
    """REPAIR as proposed or DISMISS; RefusedError where it was decided or nothing mends it."""
    why = checked_reason(reason)
    services = {
        ExchangeActKind.REPAIR: apply_repair,
        ExchangeActKind.DISMISS: dismiss_difference,
    }
    with transaction.atomic():
        held = Difference.objects.select_for_update(of=("self",)).get(pk=difference.pk)
        before = held.state
        services[kind](difference=held, by=by, now=now)
        ExchangeAct.objects.create(
            kind=kind,
            partner=held.partner,
            difference=held,
            state_before=before,
            reason=why,
            by=by,
            at=now,
        )


def _may_repeat(partner: str) -> bool:
    try:
        return mapping_of(partner).repeats is not Repeats.NEVER
    except MappingError:
        return False


def _act_of(
    row: ExchangeRow, kind: ExchangeActKind, reason: str, by: User, now: datetime
) -> ExchangeAct:
    return ExchangeAct(
        kind=kind,
        partner=row.partner,
        row=row,
        state_before=row.state,
        reason=reason,
        by=by,
        at=now,
    )


def _again(row: ExchangeRow, now: datetime) -> None:
    row.state, row.due_at = _S.WAITING, now


def _arrived(row: ExchangeRow, now: datetime) -> None:
    row.state, row.answered_at = _S.ACKNOWLEDGED, now
    if row.dossier is None:
        return
    links = ExchangeLink.objects.filter(partner=row.partner, dossier=row.dossier)
    links.update(heard_at=now)
    if row.kind == ExchangeKind.DOSSIER:
        links.filter(known_at=None).update(known_at=now)
    if _has_second_call(row, row.dossier):
        status = ExchangeKind.STEP
        note(partner=row.partner, dossier=row.dossier, kind=status, event=None, now=now)


def _has_second_call(row: ExchangeRow, dossier: Dossier) -> bool:
    """Return whether the status is a call of its own, which may never have been made."""
    if row.kind == ExchangeKind.STEP:
        return row.event_id is not None
    is_whole = row.kind == ExchangeKind.DOSSIER and row.event_id is None
    return is_whole and dossier.status != FIRST


def _dropped(row: ExchangeRow, _now: datetime) -> None:
    row.state = _S.DROPPED


_CHANGES: Mapping[ExchangeActKind, Callable[[ExchangeRow, datetime], None]] = {
    ExchangeActKind.RESEND: _again,
    ExchangeActKind.ARRIVED: _arrived,
    ExchangeActKind.NOT_ARRIVED: _again,
    ExchangeActKind.DROP: _dropped,
}
_STATES: Mapping[ExchangeActKind, frozenset[ExchangeState]] = {
    ExchangeActKind.RESEND: frozenset({_S.WAITING, _S.PARKED, _S.UNKNOWN}),
    ExchangeActKind.ARRIVED: frozenset({_S.UNKNOWN}),
    ExchangeActKind.NOT_ARRIVED: frozenset({_S.UNKNOWN}),
    ExchangeActKind.DROP: frozenset({_S.PARKED, _S.UNKNOWN}),
}
_BY_LINK = frozenset({ExchangeActKind.ARRIVED, ExchangeActKind.DROP})  # safe by what is known there
ROW_ACTS = tuple(_STATES)
