"""What the addresses of registers answer: plain dictionaries, no personal data in any of them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from citizens.models import Batch
from citizens.registers.describing import Told, told_columns
from citizens.registers.figures import Figures
from citizens.registers.live import live_of
from citizens.registers.overview import Overview
from citizens.selectors.batches import mistakes_of, turn_of


def address_of(batch: Batch, name: str = "batch") -> str:
    """Return the address of a delivery, or of what belongs to it."""
    return reverse(f"api:{name}", args=[batch.register_id, batch.public_id])


def shape_of_batch(batch: Batch) -> dict[str, Any]:
    """Return where a delivery stands and what became of its rows."""
    turn, live = turn_of(batch), live_of(batch.pk)
    moving = turn.is_moving and live
    return {
        "id": str(batch.public_id),
        "register": batch.register_id,
        "table": batch.kind,
        "as_of": batch.as_of.isoformat(),
        "source": batch.source,
        "sha256": batch.sha256,
        "encoding": batch.encoding,
        "state": turn.value,
        "phase": {"name": live.phase, "line": live.line, "is_trial": live.is_rehearsal}
        if moving and live
        else None,
        "received_at": batch.received_at.isoformat(),
        "finished_at": batch.finished_at.isoformat() if batch.finished_at else None,
        "counts": _counts(batch),
        "reasons": batch.refusal,
        "mistakes": [] if turn.is_moving else _mistakes(batch),
        "links": {"self": address_of(batch), "errors": address_of(batch, "batch_errors")},
    }


def _counts(batch: Batch) -> dict[str, int]:
    return {
        "rows": batch.row_count,
        "written_up_to_line": batch.progress,
        "created": batch.created_count,
        "changed": batch.changed_count,
        "unchanged": batch.unchanged_count,
        "older_than_held": batch.stale_count,
        "rejected": batch.rejected_count,
        "discrepancies": batch.discrepancy_count,
    }


def _mistakes(batch: Batch) -> list[dict[str, Any]]:
    return [
        {
            "code": one.code,
            "rows": one.line_count,
            "columns": list(one.columns),
            "vi": one.reason_vi,
            "en": one.reason_en,
        }
        for one in mistakes_of(batch=batch)
    ]


def shape_of_register(one: Overview) -> dict[str, Any]:
    """Return how a register stands, and what it delivers."""
    register, last = one.register, one.last
    return {
        "code": register.code,
        "name_vi": register.name_vi,
        "name_en": register.name_en,
        "owner_vi": register.owner_vi,
        "steward_vi": register.steward_kind.name_vi if register.steward_kind else None,
        "as_of": one.newest_on.isoformat() if one.newest_on else None,
        "age_days": one.age_days,
        "max_age_days": register.max_age_days,
        "is_fresh": one.is_fresh,
        "last_delivery": {"rows": last.row_count, "rejected": last.rejected_count}
        if last
        else None,
        "open_discrepancies": one.open_cases,
        "tables": [_table(table) for table in one.tables],
        "links": {"batches": reverse("api:batches", args=[register.code])},
    }


def _table(figures: Figures) -> dict[str, Any]:
    declared = figures.declared
    return {
        "table": declared.kind,
        "name_vi": declared.name_vi,
        "name_en": declared.name_en,
        "held": figures.held,
        "completeness": [
            {
                "column": share.measure.name,
                "numerator": share.numerator,
                "denominator": share.denominator,
                "of_vi": share.measure.of_vi,
                "of_en": share.measure.of_en,
            }
            for share in figures.shares
        ],
        "columns": [_column(told) for told in told_columns(declared)],
    }


def _column(told: Told) -> dict[str, Any]:
    return {
        "name": told.column.name,
        "label_vi": told.column.label_vi,
        "is_required": told.column.required,
        "accepts_vi": told.vi,
        "accepts_en": told.en,
        "choices": list(told.choices),
        "example": told.example,
    }
