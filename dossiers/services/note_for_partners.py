"""What partners are to be told of a dossier: noted in the transaction of what happened."""

from __future__ import annotations

from datetime import datetime

from dossiers.enums import Action, ExchangeKind
from dossiers.models import Dossier, DossierEvent, ExchangeLink, ExchangeRow
from dossiers.partners.address import partners
from dossiers.partners.mapping import mapping_of
from portal.common import clock


def note_step(*, dossier: Dossier, event: DossierEvent) -> None:
    """Note for each partner that knows the dossier, or is to know it, what a step tells it.

    A dossier that was filed before its procedure was exchanged is not begun in the middle.
    """
    for partner in partners():
        mapping = mapping_of(partner)
        day = clock.civil_date(event.happened_at)
        kind = mapping.told_of(Action(event.action), day)
        if kind is ExchangeKind.DOSSIER:
            if not mapping.matter(dossier.procedure_version.procedure.key, day).exchanged:
                continue
            ExchangeLink.objects.create(partner=partner, dossier=dossier)
        elif kind is None or not _is_exchanged(partner, dossier):
            continue
        note(partner=partner, dossier=dossier, kind=kind, event=event, now=event.happened_at)


def note_dates(*, dossier: Dossier, now: datetime) -> None:
    """Note that a date of the dossier moved without a step."""
    for partner in partners():
        if _is_exchanged(partner, dossier):
            note(partner=partner, dossier=dossier, kind=ExchangeKind.DATES, event=None, now=now)


def note(
    *,
    partner: str,
    dossier: Dossier,
    kind: ExchangeKind,
    event: DossierEvent | None,
    now: datetime,
) -> ExchangeRow:
    """Write one row for a partner; it goes when those before it have gone."""
    return ExchangeRow.objects.create(
        partner=partner, dossier=dossier, kind=kind, event=event, due_at=now, noted_at=now
    )


def _is_exchanged(partner: str, dossier: Dossier) -> bool:
    return ExchangeLink.objects.filter(partner=partner, dossier=dossier).exists()
