"""Seal what was written in the log of views: a chain of signed hashes, its roots outside too.

After at most `UNSEALED_WINDOW` a view is under a seal; until then only the rights of the database
protect it. Where LOG_ROOT cannot be written the seal stands all the same, the failure is logged,
`doctor` tells, and the next run writes what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction

from citizens.models import AccessLog, Seal, Unsealed
from citizens.services.log_root import LogRoot
from citizens.services.seal_format import COLUMNS, NOTHING, Root, row_digest, seal_root
from portal.common.sql import Statement, With, chain, select

BATCH = 5_000
UNSEALED_WINDOW = timedelta(seconds=60)
_LOCK = 0x5EA1  # advisory: one sealer at a time, so that no number is made twice

log = structlog.get_logger(__name__)


def seal_views(*, now: datetime) -> int:
    """Seal every view that waits and return how many; the next run goes on where this one ends.

    A batch is one transaction: its rows leave the mailbox with the seal that covers them. Another
    sealer at work is left to it. A number that LOG_ROOT knows is not given again, so that seals
    cut off the table leave a gap for good.
    """
    outside = _last_outside()
    total = 0
    while sealed := _seal_batch(now, outside):
        total += sealed
        if sealed < BATCH:
            break
    _tell_outside()
    return total


@transaction.atomic
def _seal_batch(now: datetime, outside: Root | None) -> int:
    keys = _take() if _is_our_turn() else []
    if not keys:
        return 0
    number, previous_root = _end_of_chain(outside)
    make_seal(number=number + 1, previous_root=previous_root, row_ids=keys, sealed_at=now).save(
        force_insert=True
    )
    return len(keys)


def make_seal(
    *, number: int, previous_root: bytes, row_ids: list[int], sealed_at: datetime
) -> Seal:
    """Return the signed seal over these rows as they stand now, not saved."""
    rows = AccessLog.objects.filter(pk__in=row_ids).values_list(*COLUMNS)
    found = {row[0]: row_digest(row) for row in rows.order_by()}
    digests = b"".join(found.get(key, NOTHING) for key in row_ids)
    root = seal_root(
        number=number,
        previous_root=previous_root,
        row_ids=row_ids,
        row_digests=digests,
        sealed_at=sealed_at,
    )
    told = Root(number, row_ids[-1], len(row_ids), root, sealed_at).signed()
    return Seal(
        number=number,
        row_ids=row_ids,
        row_digests=digests,
        previous_root=previous_root,
        root=root,
        signature=told.signature,
        sealed_at=sealed_at,
    )


def root_of(seal: Seal) -> Root:
    """Return a stored seal as it is told outside."""
    return Root(
        number=seal.number,
        last_id=seal.row_ids[-1] if seal.row_ids else 0,
        count=len(seal.row_ids),
        root=bytes(seal.root),
        sealed_at=seal.sealed_at,
        signature=bytes(seal.signature),
    )


def _is_our_turn() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _take() -> list[int]:
    """Take the oldest waiting rows out of the mailbox and return their keys in order."""
    oldest = Unsealed.objects.select_for_update(skip_locked=True).order_by("pk")
    delete = Statement(
        f"DELETE FROM {Unsealed._meta.db_table}"  # noqa: S608 - the name of our own table
        " WHERE view_id IN (SELECT id FROM taken) RETURNING view_id"
    )
    part = With("taken", select(oldest.values_list("pk")[:BATCH]), ("id",))
    taken: Iterable[tuple[Any, ...]] = chain(part, final=delete).fetch()
    return sorted(key for (key,) in taken)


def _end_of_chain(outside: Root | None) -> tuple[int, bytes]:
    """Return number and root of the last seal: of the table, or outside where that knows more."""
    last = Seal.objects.order_by("-number").values_list("number", "root").first()
    ends = [(0, NOTHING)]
    if last is not None:
        ends.append((last[0], bytes(last[1])))
    if outside is not None:
        ends.append((outside.number, outside.root))
    return max(ends, key=lambda end: end[0])


def _last_outside() -> Root | None:
    try:
        return LogRoot.of_settings().last()
    except OSError:
        return None  # said below, where it is to be written


def _tell_outside() -> None:
    """Write the roots that LOG_ROOT lacks; say so where it cannot be written or differs."""
    outside, failure, last = LogRoot.of_settings(), "", None
    try:
        last = outside.last()
        outside.catch_up(_roots_after)
    except OSError as error:
        failure = type(error).__name__
    if failure:
        log.error("log_root_unwritable", reason=failure)
    elif last is not None and not Seal.objects.filter(number=last.number, root=last.root).exists():
        log.error("log_root_differs", seal=last.number)


def _roots_after(number: int) -> Iterator[Root]:
    later = Seal.objects.filter(number__gt=number).order_by("number").defer("row_digests")
    return map(root_of, later.iterator(chunk_size=100))
