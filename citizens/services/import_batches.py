"""The batch that an import belongs to: found or made, finished or refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import BatchState
from citizens.models import Batch, Correction, User
from citizens.registers.formats import Format
from citizens.registers.reading import UnreadableError
from citizens.services.batch_turns import begin_anew
from portal.common import clock
from portal.common.errors import RefusedError


def begin_batch(
    *,
    declared: Format,
    path: Path,
    sha256: str,
    as_of: date | None,
    day: date,
    by: User | None,
    received: Batch | None,
    is_dry_run: bool,
) -> Batch:
    """Return the batch of this file: one that stands (done, or to be carried on), else a new one.

    One that was refused begins anew: a file of one day is one batch. A dry run gets one that is
    not stored. RefusedError for a day in the future.
    """
    if as_of is not None and as_of > day:
        raise RefusedError(_("The data cannot be of a day in the future."))
    if received is not None:
        return received
    if not is_dry_run and (known := _known(declared, sha256, as_of, day)) is not None:
        return known
    batch = Batch(
        register_id=declared.register,
        kind=declared.kind,
        as_of=as_of or day,
        source=path.name[:200],
        sha256=sha256,
        started_by=by,
        state=BatchState.READING,
    )
    if not is_dry_run:
        batch.save()
    return batch


def _known(declared: Format, sha256: str, as_of: date | None, day: date) -> Batch | None:
    """Return the batch that this file has; without a day given, of whatever day."""
    same = Batch.objects.filter(register=declared.register, kind=declared.kind, sha256=sha256)
    standing = same.exclude(state=BatchState.REFUSED).order_by("-received_at")
    if as_of is not None:
        standing = standing.filter(as_of=as_of)
    if (found := standing.first()) is not None:
        return found
    refused = same.filter(state=BatchState.REFUSED, as_of=as_of or day).first()
    if refused is not None:
        begin_anew(refused, {"state": BatchState.READING, "refusal": []})
    return refused


@transaction.atomic
def finish_batch(batch: Batch, *, settled: list[int]) -> None:
    """Note that everything was taken over; corrections in `settled` stand in the register now."""
    Correction.objects.filter(pk__in=settled).update(settled_at=clock.now())
    batch.state, batch.finished_at = BatchState.DONE, clock.now()
    batch.save()


def refuse_batch(batch: Batch, unreadable: UnreadableError) -> None:
    """Note why the whole file was refused."""
    batch.state, batch.finished_at = BatchState.REFUSED, clock.now()
    batch.refusal = [{"vi": reason.vi, "en": reason.en} for reason in unreadable.reasons]
    batch.save()
