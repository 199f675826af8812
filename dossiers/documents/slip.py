"""Giấy tiếp nhận hồ sơ và hẹn trả kết quả: the slip of a received dossier (TT 03/2025, form 01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dossiers.documents.facts.frame import filed_for
from dossiers.documents.senders import Sender, as_sender
from dossiers.documents.signed_code import SignedCode, signed_code
from dossiers.enums import Action
from dossiers.models import Dossier, DossierEvent
from notifications.rules.notices import NoticeKind
from portal.common import clock


@dataclass(frozen=True)
class Slip:
    """The facts of one slip; `received_by` is the clerk's name, "" where the software received."""

    sender: Sender
    code: str
    applicant: str
    owner: str
    procedure: str
    papers: Sequence[str]
    received_at: datetime
    received_by: str
    due_on: date | None
    fee_vnd: int | None
    signed: SignedCode


def slip_of(dossier: Dossier) -> Slip | None:
    """Return the slip of a dossier, None before an office received it."""
    received = _reception(dossier)
    if received is None:
        return None
    sender = as_sender(dossier.received_at or dossier.competent)
    return Slip(
        sender=sender,
        code=dossier.code,
        applicant=dossier.applicant.full_name,
        owner=filed_for(dossier),
        procedure=dossier.procedure_version.name_vi,
        papers=list(dossier.papers.values_list("name_vi", flat=True)),
        received_at=received.happened_at,
        received_by=str(received.official or ""),
        due_on=dossier.due_on,
        fee_vnd=dossier.fee_vnd,
        signed=signed_code(
            kind=NoticeKind.SLIP,
            code=dossier.code,
            shown=dossier.code,
            agency=sender.code,
            day=clock.civil_date(received.happened_at),
        ),
    )


def _reception(dossier: Dossier) -> DossierEvent | None:
    received = dossier.events.filter(action=Action.RECEIVE).select_related("official")
    return received.order_by("happened_at", "pk").first()
