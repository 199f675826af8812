"""What the services of waiting batches share: reasons, a fresh beginning, the end of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from citizens.enums import BatchState
from citizens.models import Batch
from citizens.registers import live, vault
from citizens.registers.tries import forget_tries
from portal.common import clock

Reason = dict[str, str]
# Counts of a batch that begins (again) from its first line.
NOTHING_YET: dict[str, Any] = {
    "progress": 0,
    "created_count": 0,
    "changed_count": 0,
    "unchanged_count": 0,
    "stale_count": 0,
    "rejected_count": 0,
    "discrepancy_count": 0,
    "finished_at": None,
}


def said(sentence: Callable[[], str], code: str = "") -> Reason:
    """Return a sentence in both languages, as `Batch.refusal` keeps reasons."""
    reason = {"code": code} if code else {}
    for language in ("vi", "en"):
        with translation.override(language):
            reason[language] = sentence()
    return reason


# Stands in `refusal` of a batch that shall be read and checked only, until somebody confirms.
REHEARSAL: Reason = {
    "code": "rehearsal",
    "vi": "Mới chạy thử: chưa ghi gì vào dữ liệu.",
    "en": "A trial only: nothing was written.",
}


def anew(refused: Batch, wanted: Batch) -> bool:
    """Let a refused batch begin again with the file of `wanted`; False where another was faster."""
    return begin_anew(refused, _fresh(wanted))


def give_file(begun: Batch, wanted: Batch) -> bool:
    """Give a batch whose command died the file of `wanted`; False where another was faster.

    The worker carries it on from the line it reached. One that has written nothing waits for its
    turn as any file that is sent. The caller holds the lock of the register.
    """
    if begun.progress:
        fresh = {"stored_as": wanted.stored_as, "started_by": wanted.started_by}
    else:
        fresh = {**NOTHING_YET, **_fresh(wanted)}
    same = Batch.objects.filter(
        pk=begun.pk, state=begun.state, progress=begun.progress, stored_as=""
    )
    is_mine = bool(same.update(**fresh))
    begun.refresh_from_db()
    return is_mine


def _fresh(wanted: Batch) -> dict[str, Any]:
    given = ("source", "started_by", "state", "refusal", "row_count", "stored_as")
    return {"encoding": "", "header": [], **{name: getattr(wanted, name) for name in given}}


@transaction.atomic
def begin_anew(refused: Batch, fresh: Mapping[str, Any]) -> bool:
    """Write `fresh` into a batch that is refused still, and forget its rows and counts.

    Of two at once one does so; the other gets False, and `refused` as the first one left it.
    """
    mine = Batch.objects.filter(pk=refused.pk, state=BatchState.REFUSED)
    is_mine = bool(mine.update(**{**NOTHING_YET, **fresh}))
    if is_mine:
        refused.rejections.all().delete()
    refused.refresh_from_db()
    return is_mine


def refuse(batch: Batch, reasons: Iterable[Reason]) -> None:
    """End a batch with the reasons why it is not (or not wholly) taken over; its file goes."""
    Batch.objects.filter(pk=batch.pk).update(
        state=BatchState.REFUSED, refusal=list(reasons), finished_at=clock.now()
    )
    let_go(batch)


def let_go(batch: Batch) -> None:
    """Delete the stored file of a batch that has ended."""
    vault.forget(batch.stored_as)
    Batch.objects.filter(pk=batch.pk).update(stored_as="")
    live.be_quiet(batch.pk)
    forget_tries(batch)
    batch.refresh_from_db()


def set_aside_by(who: str) -> Reason:
    """Return the reason of a batch that a person did not want."""
    return said(lambda: _("Set aside by %(who)s before anything was written.") % {"who": who})
