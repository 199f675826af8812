"""The word of a person on a batch that waits for it: take it over, or set it aside."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import BatchState
from citizens.models import Batch, User
from citizens.selectors.batches import held_batches
from citizens.services.batch_turns import NOTHING_YET, let_go, set_aside_by
from portal.common import clock
from portal.common.errors import RefusedError

_log = structlog.get_logger(__name__)


def confirm_batch(*, batch: Batch, by: User) -> None:
    """Let a held batch be taken over, whatever it changes; the log says who asked for it.

    RefusedError when it does not wait for that (any more). The caller rings the bell.
    """
    with transaction.atomic():
        taken = held_batches().filter(pk=batch.pk)
        if not taken.update(state=BatchState.READING, refusal=[], started_by=by, **NOTHING_YET):
            raise RefusedError(_no_longer())
        batch.rejections.all().delete()  # of the trial; the import names its own
    batch.refresh_from_db()
    _log.info("import_confirmed", batch=batch.pk, by=by.pk)


def set_batch_aside(*, batch: Batch, by: User) -> None:
    """End a batch of which nothing was written, and delete its file; RefusedError when it is late.

    It may be sent again.
    """
    reason = set_aside_by(by.display_name or by.username)
    waiting = Batch.objects.filter(pk=batch.pk, state=BatchState.RECEIVED)
    now = clock.now()
    if not waiting.update(state=BatchState.REFUSED, refusal=[reason], finished_at=now):
        raise RefusedError(_no_longer())
    let_go(batch)


def _no_longer() -> str:
    return _("This delivery no longer waits for a decision.")
