"""What became of rows that an official had sent again: each by its last such press."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from dossiers.enums import DifferenceState, ExchangeActKind, ExchangeState
from dossiers.models import Difference, ExchangeAct, ExchangeAttempt, ExchangeRow

SENDS = (ExchangeActKind.RESEND, ExchangeActKind.NOT_ARRIVED)


@dataclass(frozen=True)
class Fate:
    """The press, and the newest try since then; None where nobody has tried since."""

    act: ExchangeAct
    attempt: ExchangeAttempt | None


def fates_of(rows: Collection[ExchangeRow]) -> Mapping[int, Fate]:
    """Return by their keys what became of those that were sent again by hand; two queries.

    A row of which an official said later that it arrived, or need not be sent, has no fate.
    """
    keys = [row.pk for row in rows if row.state != ExchangeState.DROPPED]
    pressed = ExchangeAct.objects.filter(row__in=keys)
    newest = {act.row_id: act for act in pressed.order_by("at", "pk")}
    acts = {key: act for key, act in newest.items() if act.kind in SENDS}
    tries = ExchangeAttempt.objects.filter(row__in=list(acts)).order_by("row_id", "-number")
    last = {one.row_id: one for one in tries.distinct("row_id")}
    found = {}
    for key, act in acts.items():
        attempt = last.get(key or 0)
        is_since = attempt is not None and attempt.began_at >= act.at
        found[key or 0] = Fate(act, attempt if is_since else None)
    return found


def open_difference_of(row: ExchangeRow) -> Difference | None:
    """Return what the last comparison found of the row's dossier and nobody has decided yet."""
    if row.dossier_id is None:
        return None
    found = Difference.objects.filter(
        partner=row.partner, dossier=row.dossier_id, state=DifferenceState.OPEN
    )
    return found.order_by("-pk").first()
