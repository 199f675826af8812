"""Show rejected rows, as a file to be mended or one at a time: whoever stands in them is logged.

A rejected row is somebody's data that no table took. The people whose numbers stand in it, and whom
the registers know, find the look in their log; numbers that lost their leading zeros in a
spreadsheet are recognised too. A look at rows in which nobody is recognised is logged as well.
Columns of sensitive data (Luật 91/2025/QH15) are left out for whoever has no right to them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

import structlog
from django.db import transaction

from citizens.enums import ViewPurpose
from citizens.models import Batch, Citizen, Rejection, User
from citizens.registers.declared import FORMATS
from citizens.registers.describing import is_sensitive
from citizens.registers.reading import ErrorsFile, csv_rows
from citizens.selectors.batches import sees_sensitive_rows
from citizens.services.record_access import record_access
from portal.common import clock

_AT_ONCE = 2_000
_BOM = "\ufeff"
_PIN = re.compile(r"(?<!\d)\d{9,12}(?!\d)")  # of twelve digits; up to three zeros are lost
_PIN_DIGITS = 12
_log = structlog.get_logger(__name__)


def reveal_row(*, batch: Batch, line: int, by: User, page: str) -> list[tuple[str, str]]:
    """Return the cells of a rejected line under their headings, after the look was logged.

    Empty where the line was not rejected, or its row was not kept.
    """
    found = batch.rejections.filter(line=line, row_enc__isnull=False).first()
    if found is None:
        return []
    shown = _Shown.to(by, batch)
    cells = shown.part(found.row)
    with transaction.atomic():
        shown.note(page, [cells], f"line {line}")
    header = shown.part(batch.header)
    spare = [f"+{at}" for at in range(1, len(cells) - len(header) + 1)]
    return list(zip([*header, *spare], cells, strict=False))


def errors_of(*, batch: Batch, by: User, page: str) -> Iterator[str]:
    """Yield `error_rows` as a file of CSV, piece by piece."""
    text = io.StringIO()
    write, rows = csv_rows(text), error_rows(batch=batch, by=by, page=page)
    yield _BOM
    while some := list(islice(rows, _AT_ONCE)):
        for row in some:
            write(row)
        yield _taken(text)


def error_rows(*, batch: Batch, by: User, page: str) -> Iterator[list[str]]:
    """Yield the headings and the rejected rows; each is logged before it is handed out.

    They can be mended and imported again: the extract's own columns, then line, columns and
    reasons. Cells are as they were sent: what writes them keeps a spreadsheet from running them.
    """
    ready: list[list[str]] = []
    shown, lines = _Shown.to(by, batch), _lines(batch)
    file = ErrorsFile(ready.append, shown.part(batch.header))
    while some := list(islice(lines, _AT_ONCE)):
        opened = [(found, shown.part(found[0].row)) for found in some]
        with transaction.atomic():
            shown.note(page, [row for _found, row in opened], f"{len(opened)} rows")
        for found, row in opened:
            for one in found:
                file.add(one.line, one.column, one.reason_vi, one.reason_en, row)
        file.flush()
        yield from ready
        ready.clear()
    yield from ready


def _taken(text: io.StringIO) -> str:
    found = text.getvalue()
    text.seek(0)
    text.truncate()
    return found


def _lines(batch: Batch) -> Iterator[list[Rejection]]:
    """Yield the rejections of each line; the first one holds the row."""
    rows = batch.rejections.order_by("line", "pk").iterator(chunk_size=_AT_ONCE)
    for _line, found in groupby(rows, key=lambda one: one.line):
        yield sorted(found, key=lambda one: one.row_enc is None)


@dataclass(frozen=True)
class _Shown:
    """What an official is shown of the rows of a batch: all columns but those `hidden`."""

    by: User
    batch: Batch
    hidden: frozenset[int]
    sensitive: tuple[str, ...]

    @classmethod
    def to(cls, by: User, batch: Batch) -> _Shown:
        """Return what `by` may see today."""
        declared = FORMATS.get(f"{batch.register_id}.{batch.kind}")
        columns = [declared.column_for(name) if declared else None for name in batch.header]
        found = {at: one.name for at, one in enumerate(columns) if one and is_sensitive(one)}
        if sees_sensitive_rows(user=by, day=clock.today()):
            return cls(by, batch, frozenset(), tuple(found.values()))
        return cls(by, batch, frozenset(found), ())

    def part(self, cells: Sequence[str]) -> list[str]:
        """Return the cells without those of hidden columns."""
        return [cell for at, cell in enumerate(cells) if at not in self.hidden]

    def note(self, page: str, rows: Sequence[Sequence[str]], what: str) -> None:
        """Write down who was shown how many rows, and of whom."""
        found = {number for row in rows for cell in row for number in _PIN.findall(cell)}
        indexes = [Citizen.index_of(number.zfill(_PIN_DIGITS)) for number in found]
        known = Citizen.objects.filter(pin_index__in=indexes).values_list("pk", flat=True)
        record_access(
            actor=self.by,
            purpose=ViewPurpose.DATA_QUALITY,
            page=page,
            fields=["rejected_row", *self.sensitive],
            subject_ids=list(known),
            reference=f"{self.batch.register_id} {self.batch.as_of:%d/%m/%Y} · {what}",
            even_of_nobody=True,
        )
        _log.info("rejected_rows_shown", batch=self.batch.pk, by=self.by.pk, rows=len(rows))
