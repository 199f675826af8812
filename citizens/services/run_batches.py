"""Import what was received, one delivery after another, and carry on what a kill interrupted.

One runner works at a time (a lock of its session, which falls with it), so imports never take
more than one place of a worker. The register's own lock keeps it apart from a command at a
terminal: that one's register waits for the next bell.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import structlog
from django.db import OperationalError
from django.utils.translation import gettext as _

from citizens.enums import BatchState
from citizens.models import Batch
from citizens.registers import live, vault
from citizens.registers.declared import FORMATS
from citizens.registers.figures import figures_of
from citizens.registers.session import held_register
from citizens.registers.tries import MOST_TRIES, count_try, forget_tries
from citizens.selectors.batches import due_batches, held_batches
from citizens.services.batch_doubts import could_change_much, doubts_about
from citizens.services.batch_turns import Reason, let_go, refuse, said
from citizens.services.import_register import import_register
from citizens.services.import_slices import LINES
from citizens.services.receive_batch import declared_encoding
from portal.common import clock
from portal.common.errors import RefusedError, SealError

KEPT = timedelta(days=30)  # how long a file waits for a person's word
_RUNNER = "*"
_PATIENCE = 300  # seconds
_FOUND_OUT = (
    "encoding",
    "header",
    "row_count",
    "created_count",
    "changed_count",
    "unchanged_count",
    "stale_count",
    "rejected_count",
    "discrepancy_count",
)
_OURS = Path(__file__).resolve().parents[2]
_log = structlog.get_logger(__name__)


def run_batches(*, day: date, slice_lines: int = LINES) -> int:
    """Import every received batch whose register is free; return how many ended.

    `day` is today's civil date; a transaction holds `slice_lines` lines. Nothing happens while
    another runner works. A batch that would change more than a fifth of what is held, or was sent
    as a trial, is read and checked, and waits for a person. An error of the database ends the run:
    the next bell carries on.
    """
    ended = 0
    with _if_free(_RUNNER) as is_mine:
        if not is_mine:
            return 0
        _tidy_up()
        seen: list[int] = []
        while (batch := due_batches().exclude(pk__in=seen).first()) is not None:
            seen.append(batch.pk)
            with _if_free(batch.register_id) as is_free:
                if is_free:
                    ended += _run(batch, day, slice_lines)
    return ended


@contextmanager
def _if_free(register: str) -> Iterator[bool]:
    """Hold the lock of a register and give True, or give False where somebody else holds it."""
    with ExitStack() as stack:
        is_free = True
        try:
            stack.enter_context(held_register(register))
        except RefusedError:
            is_free = False
        yield is_free


def _run(batch: Batch, day: date, slice_lines: int) -> bool:
    """Bring one batch as far as it goes without a person; return whether it ended."""
    if count_try(batch) > MOST_TRIES:
        refuse(batch, [_failed_too_often(batch)])
        return True
    try:
        with vault.opened(batch.stored_as) as path:
            return _read_and_take_over(_Stored(batch, path, day, slice_lines))
    except (FileNotFoundError, SealError):
        refuse(batch, [_cannot_be_opened()])
    except OperationalError:
        raise
    except Exception as error:
        # Tried again at the next bell, a few times; the others go on (F10). An error's own words
        # may hold a row's: the kind and the place have to do.
        live.be_quiet(batch.pk)
        _log.error("import_failed", batch=batch.pk, error=type(error).__name__, at=_place(error))
        return False
    return True


def _place(error: Exception) -> str:
    """Return file and line of our own code, nearest to where an error was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    frame = next(filter(_is_ours, reversed(frames)), frames[-1])
    return f"{Path(frame.filename).name}:{frame.lineno}"


def _is_ours(frame: traceback.FrameSummary) -> bool:
    path = Path(frame.filename).resolve()
    return path.is_relative_to(_OURS) and "site-packages" not in path.parts


@dataclass(frozen=True)
class _Stored:
    """A batch with its file in clear."""

    batch: Batch
    path: Path
    day: date
    slice_lines: int

    def bring(self, *, is_rehearsal: bool) -> Batch:
        """Import, or find out what importing would do; return the batch with its counts."""
        batch = Batch.objects.get(pk=self.batch.pk)
        done = import_register(
            register=batch.register_id,
            kind=batch.kind,
            path=self.path,
            day=self.day,
            encoding=declared_encoding(batch),
            received=batch,
            is_dry_run=is_rehearsal,
            slice_lines=self.slice_lines,
            progress=live.teller(batch.pk, is_rehearsal=is_rehearsal),
        )
        return done.batch


def _read_and_take_over(stored: _Stored) -> bool:
    batch = stored.batch
    try:
        if batch.state == BatchState.RECEIVED and not _may_be_taken(stored):
            return False
        stored.bring(is_rehearsal=False)
    except RefusedError as refused:
        _refuse_with(batch, refused)
    let_go(batch)
    declared = FORMATS[f"{batch.register_id}.{batch.kind}"]
    figures_of(declared, day=stored.day, seconds=_PATIENCE)  # the page finds them counted
    return True


def _may_be_taken(stored: _Stored) -> bool:
    """Return whether a received batch goes on by itself; else it is held, with the reasons."""
    batch, reasons = stored.batch, list(stored.batch.refusal)
    if reasons or could_change_much(batch):
        read = stored.bring(is_rehearsal=True)
        reasons += doubts_about(read)
        if reasons:
            _hold(read, reasons)
            return False
        batch.rejections.all().delete()
    waiting = Batch.objects.filter(pk=batch.pk, state=BatchState.RECEIVED)
    return bool(waiting.update(state=BatchState.READING))


def _hold(read: Batch, reasons: list[Reason]) -> None:
    """Let a batch that was read wait for a person, with what importing it would do."""
    Batch.objects.filter(pk=read.pk, state=BatchState.RECEIVED).update(
        refusal=reasons, **{name: getattr(read, name) for name in _FOUND_OUT}
    )
    live.be_quiet(read.pk)
    forget_tries(read)


def _refuse_with(batch: Batch, refused: RefusedError) -> None:
    """Note why the file was refused, unless the import did so itself."""
    batch.refresh_from_db()
    if batch.state != BatchState.REFUSED:
        refuse(batch, [{"vi": reason, "en": reason} for reason in refused.reasons])


def _failed_too_often(batch: Batch) -> Reason:
    values = {"count": MOST_TRIES, "line": batch.progress}
    return said(
        lambda: (
            _(
                "The import stopped %(count)s times without coming to its end. What was written "
                "up to line %(line)s stands, the rest was not taken over. The operator finds "
                "the cause in the log; the same file may be sent again."
            )
            % values
        )
    )


def _cannot_be_opened() -> Reason:
    return said(lambda: _("The stored file cannot be opened any more. Please send it again."))


# ------------------------------------------------------------------------- what nobody wants
def _tidy_up() -> None:
    """Set aside what waited too long for a person, and delete files that no batch names."""
    now = clock.now()
    for batch in held_batches().filter(received_at__lt=now - KEPT):
        refuse(batch, [said(lambda: _("Nobody confirmed it within %(days)s days.") % _DAYS)])
    ended = Batch.objects.filter(state__in=(BatchState.DONE, BatchState.REFUSED))
    for batch in ended.exclude(stored_as=""):  # a kill came between the two, or a command did it
        let_go(batch)
    old = (now - timedelta(days=1)).timestamp()
    aged = [name for name, written_at in vault.stored_names() if written_at < old]
    if aged:
        known = set(Batch.objects.filter(stored_as__in=aged).values_list("stored_as", flat=True))
        for name in aged:
            if name not in known:
                vault.forget(name)


_DAYS = {"days": KEPT.days}
