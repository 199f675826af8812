"""Bring one extract of a register in: good rows are stored, bad ones named, disagreements opened.

What a file says passes through tables of the session: staged as it was read, resolved against the
facts that stand, checked set by set, and written a slice of lines at a time. A slice is one
transaction with its facts, its news, its discrepancies and their counts, and moves the batch's
cursor, so a killed import is carried on by bringing the same file again, and ends in the same state
(F23). A large delivery of people does all that in two sessions at once (`citizens.registers.pair`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from citizens.enums import BatchState
from citizens.models import Batch, User
from citizens.registers.checks import check_alone, check_resolved
from citizens.registers.corrections import apply_corrections
from citizens.registers.declared import FORMATS, formats_of
from citizens.registers.formats import Format, Target, fitting
from citizens.registers.pair import Sessions, sessions
from citizens.registers.reading import Extract, UnreadableError, open_extract, sha256_of
from citizens.registers.resolving import resolve
from citizens.registers.session import held_register, long_statements
from citizens.registers.staging import stage
from citizens.services.import_batches import begin_batch, finish_batch, refuse_batch
from citizens.services.import_rejections import write_rejections
from citizens.services.import_slices import LINES, apply_slices
from citizens.services.refresh_statistics import refresh_statistics
from portal.common.errors import RefusedError

Progress = Callable[[str, int], None]
# New facts after which the planner's figures about their tables mislead it.
_MUCH = 10_000
# Bytes of a file that is worth a second session: some twenty thousand rows. Those of people say
# nothing about each other until all are written; those of papers do.
LARGE = 4 << 20


@dataclass(frozen=True)
class Imported:
    """The end of an import; a dry run's batch is not stored and counts what would be.

    `was_done` says that the same file had been taken over before, and nothing was written.
    `ignored` are headings that the format does not know, `kinds` how often each kind of mistake
    occurred, `reasons` one of its sentences in English, `errors` the file of rejected rows if there
    are any.
    """

    declared: Format
    batch: Batch
    was_done: bool = False
    ignored: tuple[str, ...] = ()
    kinds: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    errors: Path | None = None


def import_register(
    *,
    register: str,
    path: Path,
    day: date,
    kind: str | None = None,
    as_of: date | None = None,
    encoding: str | None = None,
    by: User | None = None,
    received: Batch | None = None,
    is_dry_run: bool = False,
    errors: Path | None = None,
    slice_lines: int = LINES,
    progress: Progress = lambda _phase, _line: None,
) -> Imported:
    """Import the extract `path` of `register` and return what became of its rows.

    `kind` names the table (else the headings tell), `as_of` the civil date of which the register
    speaks (else `day`, today). Rejected rows go to `errors` as CSV that can be mended and imported
    again. A transaction holds `slice_lines` lines. `received` is a batch that was taken in earlier
    for this file. A file that was taken over before changes nothing. RefusedError names every
    reason for which the file is refused whole; another import of the same register is one.
    """
    begun = received
    try:
        with open_extract(path, encoding=encoding) as extract, ExitStack() as held:
            declared = choose_format(register, kind, extract.header)
            held.enter_context(held_register(register))
            held.enter_context(long_statements())
            batch = begun = begin_batch(
                declared=declared,
                path=path,
                sha256=sha256_of(path),
                as_of=as_of,
                day=day,
                by=by,
                received=received,
                is_dry_run=is_dry_run,
            )
            if batch.state == BatchState.DONE:
                return Imported(declared, batch, was_done=True)
            is_large = declared.target == Target.PERSON and path.stat().st_size >= LARGE
            pair = held.enter_context(sessions(register, is_large=is_large))
            work = _Work(declared, extract, batch, path, encoding, day, errors, slice_lines, pair)
            return work.take_over(progress, is_stored=not is_dry_run)
    except UnreadableError as unreadable:
        if begun is not None and not begun._state.adding:  # a dry run's is not stored
            refuse_batch(begun, unreadable)
        raise RefusedError(*(f"{one.vi} ({one.en})" for one in unreadable.reasons)) from unreadable


def choose_format(register: str, kind: str | None, header: Sequence[str]) -> Format:
    """Return the table of `register` that a file with these headings is.

    RefusedError names the columns that are missing, or the tables to choose from.
    """
    known = formats_of(register)
    if kind is not None:
        known = [one for one in known if one.kind == kind]
    if not known:
        tables = ", ".join(sorted(FORMATS))
        raise RefusedError(_("There is no such table. Known are: %(tables)s.") % {"tables": tables})
    fits = fitting(known, header)
    if not fits:
        raise RefusedError(*map(_missing, known, [header] * len(known)))
    same = [one for one in fits if one.known(header) == fits[0].known(header)]
    if len(same) > 1:
        kinds = ", ".join(one.kind for one in same)
        raise RefusedError(
            _("The headings fit several tables: name one of %(kinds)s.") % {"kinds": kinds}
        )
    return fits[0]


def _missing(declared: Format, header: Sequence[str]) -> str:
    names = ", ".join(f"{c.name} ({c.label_vi})" for c in declared.missing(header))
    return _("For the table %(table)s these columns are missing: %(columns)s.") % {
        "table": declared.key,
        "columns": names,
    }


@dataclass(frozen=True)
class _Work:
    """One file on its way into the tables."""

    declared: Format
    extract: Extract
    batch: Batch
    path: Path
    encoding: str | None
    day: date
    errors: Path | None
    slice_lines: int
    sessions: Sessions

    def take_over(self, progress: Progress, *, is_stored: bool) -> Imported:
        """Stage, resolve, check, write; a batch that is not stored stops before it writes."""
        batch = self.batch
        self._stage(progress)
        if is_stored:
            apply_slices(
                self.declared,
                batch,
                day=self.day,
                lines=self.slice_lines,
                sessions=self.sessions,
                progress=progress,
            )
        else:
            foreseen = map(sum, zip(*self.sessions.all(_foreseen), strict=True))
            batch.created_count, batch.changed_count, batch.discrepancy_count = foreseen
        self.sessions.hand_over("problem", "line, col, code, vi, en", to=0)
        self.sessions.hand_over("caught_up", "correction_id", to=0)
        kinds, reasons = _kinds()
        if is_stored:
            # Of an earlier run that was killed while naming rows: some may have been taken by now.
            batch.rejections.all().delete()
        self.sessions.each(
            partial(self._name_rejected, kinds, progress), partial(self._refresh, is_stored)
        )
        self._count()
        if is_stored:
            finish_batch(batch, settled=_numbers("SELECT correction_id FROM caught_up"))
        return Imported(
            self.declared,
            batch,
            ignored=tuple(n for n in self.extract.header if self.declared.column_for(n) is None),
            kinds=kinds,
            reasons=reasons,
            errors=self.errors if kinds else None,
        )

    def _stage(self, progress: Progress) -> None:
        """Read the file into the session's tables, and note what is wrong with its rows."""
        declared, batch, extract = self.declared, self.batch, self.extract
        batch.encoding, batch.header = extract.encoding, list(extract.header)
        batch.row_count = stage(
            extract,
            declared,
            day=self.day,
            progress=lambda count: progress("reading", count),
            sessions=self.sessions,
        )
        batch.stale_count = sum(self.sessions.all(self._meet_facts))

    def _meet_facts(self) -> int:
        """Compare the rows of a session with each other and with what is held.

        Return how many say less than that.
        """
        declared, as_of, header = self.declared, self.batch.as_of, self.extract.header
        check_alone(declared)
        apply_corrections(declared, as_of=as_of, header=header)
        resolve(declared, as_of=as_of, header=header)
        check_resolved(declared, as_of=as_of)
        return _row("SELECT count(*) FROM resolved WHERE is_stale")[0]

    def _refresh(self, is_stored: bool) -> None:
        if is_stored and self.batch.created_count > _MUCH:
            refresh_statistics()

    def _name_rejected(self, kinds: Collection[str], progress: Progress) -> None:
        if not kinds:
            return
        again = open_extract(self.path, encoding=self.encoding)
        write_rejections(
            self.declared, self.batch, extract=again, errors=self.errors, progress=progress
        )

    def _count(self) -> None:
        """Add up what became of the rows that were neither made nor changed."""
        batch = self.batch
        batch.rejected_count = _row("SELECT count(DISTINCT line) FROM problem")[0]
        told = batch.rejected_count + batch.stale_count + batch.created_count + batch.changed_count
        batch.unchanged_count = max(batch.row_count - told, 0)


def _foreseen() -> tuple[int, int, int]:
    """Return what a dry run would have made, changed and opened."""
    created, changed = _row(
        "SELECT count(*) FILTER (WHERE held_id IS NULL), count(*) FILTER (WHERE is_changed)"
        " FROM resolved WHERE NOT is_stale"
    )
    return created, changed, _row("SELECT count(DISTINCT (object_id, col)) FROM found")[0]


def _kinds() -> tuple[dict[str, int], dict[str, str]]:
    """Return how often each kind of mistake occurred, and one of its sentences."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, count(*), min(en) FROM problem GROUP BY code ORDER BY 2 DESC, 1"
        )
        found = cursor.fetchall()
    return {code: count for code, count, _en in found}, {code: en for code, _count, en in found}


def _row(statement: str) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return tuple(cursor.fetchone())


def _numbers(statement: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]
