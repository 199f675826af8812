"""Keep receipts as they come, once each, then let them count (F17, F18)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from notifications.enums import Channel
from notifications.models import ReceiptInbox
from notifications.rules.receipts import COUNTS, Receipt
from notifications.services.apply_receipts import apply_receipts, close_outcomes, messages_named


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many receipts were new, how many messages changed, and how many named none of ours."""

    new_count: int
    changed_count: int
    quarantined_count: int


@transaction.atomic
def record_receipts(*, channel: Channel, receipts: Collection[Receipt]) -> Recorded:
    """Store receipts of a channel's gateway, whoever they are about, and settle their messages.

    The same receipt again changes nothing. One that names no message, or a message that went
    another way, is kept and counts for nothing: operators see it. One whose message is still being
    sent counts when that outcome is written.
    """
    rows = {row.key: row for row in (_row(channel, receipt) for receipt in receipts)}
    references = {receipt.reference for receipt in receipts}
    before = ReceiptInbox.objects.filter(key__in=rows).count()
    # In one order: two calls with the same receipts must not wait for each other.
    ReceiptInbox.objects.bulk_create(
        [row for _key, row in sorted(rows.items())], ignore_conflicts=True
    )
    known = messages_named(references)
    if any(known.get((channel, reference)) not in COUNTS for reference in references):
        close_outcomes()
        known = messages_named(references)
    changed = apply_receipts(references=references)
    strangers = sum((channel, reference) not in known for reference in references)
    return Recorded(len(rows) - before, changed, strangers)


def _row(channel: Channel, receipt: Receipt) -> ReceiptInbox:
    extra = {"at": receipt.at, "error": receipt.error}
    return ReceiptInbox(
        channel=channel,
        reference=receipt.reference,
        status=receipt.status,
        body={name: value for name, value in extra.items() if value},
        key=_key(channel, receipt),
    )


def _key(channel: Channel, receipt: Receipt) -> bytes:
    parts = (channel, receipt.reference, receipt.status, receipt.at)
    return hashlib.sha256("\x1f".join(parts).encode()).digest()
