"""Letters to the applicant about time: forms 04 and 05 of TT 03/2025/TT-VPCP."""

from __future__ import annotations

from typing import Any

from dossiers.documents.facts.frame import Paper
from dossiers.documents.facts.receipts import promised_on
from dossiers.documents.words import full_day, short_day, weekday_day
from dossiers.enums import ClockEventKind, PaymentState
from portal.common import clock


def apology(paper: Paper) -> dict[str, Any]:
    """Return what form 04 says: the day that cannot be kept, why, and the new one."""
    dossier = paper.dossier
    entries = list(dossier.clock_events.order_by("pk"))
    extension = next(
        (
            one
            for one in reversed(entries)
            if one.kind == ClockEventKind.EXTENSION and one.happened_at <= paper.event.happened_at
        ),
        None,
    )
    before = [one.due_on for one in entries if extension is None or one.pk < extension.pk]
    promised = next((day for day in reversed(before) if day), None) or promised_on(paper)
    due_on = extension.due_on if extension and extension.due_on else dossier.due_on
    return {
        "received_on": short_day(
            dossier.clock_started_on or clock.civil_date(dossier.submitted_at)
        ),
        "promised_on": weekday_day(promised),
        "reason": paper.event.note,
        "days": f"{extension.days} ngày làm việc" if extension and extension.days else "",
        "due_on": weekday_day(due_on),
    }


def stop(paper: Paper) -> dict[str, Any]:
    """Return what form 05 says: since when and why, and what becomes of a fee."""
    has_paid = paper.dossier.payments.filter(state=PaymentState.PAID).exists()
    refund = "Khoản phí, lệ phí đã nộp được xem xét hoàn trả theo quy định." if has_paid else ""
    return {
        "stopped_at": full_day(paper.at.date()),
        "reason": paper.event.note,
        "refund": refund,
    }
