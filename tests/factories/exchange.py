"""A dossier of which partners are told, as a bad day leaves it."""

from __future__ import annotations

from citizens.models import User
from dossiers.enums import DifferenceKind, ExchangeKind, ExchangeState, InboxVerdict, Repair
from dossiers.models import (
    Difference,
    Dossier,
    ExchangeAct,
    ExchangeAttempt,
    ExchangeInbox,
    ExchangeLink,
    ExchangeRow,
    Reconciliation,
)
from dossiers.partners.address import NATIONAL_PORTAL
from portal.common import clock


def exchanged(dossier: Dossier, *, count: int = 1) -> list[ExchangeRow]:
    """Give the dossier parked rows, tries, words of the partner and differences."""
    now = clock.now()
    ExchangeLink.objects.get_or_create(
        partner=NATIONAL_PORTAL,
        dossier=dossier,
        defaults={"their_code": f"G22.99-{dossier.pk}", "known_at": now},
    )
    run = Reconciliation.objects.create(
        partner=NATIONAL_PORTAL, began_at=now, ended_at=now, here_count=1, there_count=1
    )
    told = []
    for number in range(count):
        row = ExchangeRow.objects.create(
            partner=NATIONAL_PORTAL,
            dossier=dossier,
            kind=ExchangeKind.DATES,
            state=ExchangeState.PARKED,
            reason="refused: sai mã",
            attempt=1,
            due_at=now,
            noted_at=now,
        )
        ExchangeAttempt.objects.create(
            row=row, number=1, began_at=now, ended_at=now, state="parked", reason="refused: sai mã"
        )
        ExchangeInbox.objects.create(
            partner=NATIONAL_PORTAL,
            message_id=f"{dossier.pk}-{number}-{run.pk}",
            their_code=f"G22.99-{dossier.pk}",
            status="2",
            said_at=now,
            dossier=dossier,
            verdict=InboxVerdict.APPLIED,
        )
        Difference.objects.create(
            reconciliation=run,
            partner=NATIONAL_PORTAL,
            kind=DifferenceKind.STATUS,
            dossier=dossier,
            their_code=f"{number}-{run.pk}",
            here="2",
            there="8",
            repair=Repair.TELL_STATUS,
        )
        told.append(row)
    return told


def in_every_state(dossier: Dossier, by: User) -> None:
    """Give the dossier what `exchanged` does, a row in each other state, and an act of `by`."""
    (parked,) = exchanged(dossier)
    now = clock.now()
    for state in set(ExchangeState) - {ExchangeState.PARKED}:
        ExchangeRow.objects.create(
            partner=NATIONAL_PORTAL,
            dossier=dossier,
            kind=ExchangeKind.DATES,
            state=state,
            due_at=now,
            noted_at=now,
        )
    ExchangeAct.objects.create(
        kind="drop", partner=NATIONAL_PORTAL, row=parked, reason="Đã rõ", by=by, at=now
    )
