"""A bank's statement against what its gateway called in: nothing lost, every difference named."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from dossiers.enums import NoticeVerdict
from dossiers.models import PaymentNotice
from dossiers.payments.gateways import Call, CallError, call_of
from dossiers.services.record_payment import record_payment
from portal.common.errors import RefusedError

# What banks call their columns; the first name of each is ours.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "transaction": ("transaction", "mã giao dịch", "số giao dịch", "số bút toán"),
    "amount": ("amount", "số tiền", "ghi có", "phát sinh có"),
    "content": ("content", "nội dung", "diễn giải", "mô tả"),
    "paid_at": ("paid_at", "thời gian", "thời điểm", "ngày giờ giao dịch"),
}
_NEEDED = ("transaction", "amount", "content")


@dataclass(frozen=True)
class BadRow:
    """A line of the file that is no payment, and why."""

    line: int
    reason: str


@dataclass
class Reconciled:
    """What came of a statement; `missing` are calls that the bank's own file does not have."""

    known: int = 0
    settled: int = 0
    stray: int = 0
    differing: list[BadRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nobody has to look at anything."""
        return not (self.stray or self.differing or self.bad or self.missing)


def reconcile_payments(*, gateway: str, lines: Iterable[str], now: datetime) -> Reconciled:
    """Compare a statement (CSV with headings, "," or ";") and return what came of it.

    A row that no call told of is recorded as if it had been called in, in a transaction of its own.
    A row whose amount differs from the call's is named and changes nothing. RefusedError where a
    needed column is missing; then nothing is written. Running it again changes nothing.
    """
    rows = list(_rows(lines))
    done, seen = Reconciled(), set()
    for line, cells in rows:
        try:
            call = _call(cells)
        except CallError as error:
            done.bad.append(BadRow(line, str(error)))
            continue
        if call.transaction in seen:
            done.bad.append(BadRow(line, f"transaction {call.transaction} stands here twice"))
            continue
        seen.add(call.transaction)
        _reconcile(gateway, call, line, done, now)
    done.missing = _missing(gateway, seen)
    return done


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Return each row below the headings with its line in the file."""
    text = [line for line in lines if line.strip()]
    if not text:
        raise RefusedError(_("The file is empty."))
    separator = ";" if text[0].count(";") > text[0].count(",") else ","
    reader = csv.reader(text, delimiter=separator)
    places = _places(next(reader))
    for cells in reader:
        filled = {
            name: cells[place] if place < len(cells) else "" for name, place in places.items()
        }
        yield reader.line_num, filled


def _places(headings: Sequence[str]) -> dict[str, int]:
    """Return in which column what stands; RefusedError names what is missing."""
    found = [heading.strip().lstrip("\ufeff").casefold() for heading in headings]
    places = {
        name: found.index(one)
        for name, called in _COLUMNS.items()
        for one in called
        if one in found
    }
    missing = [name for name in _NEEDED if name not in places]
    if missing:
        told = ", ".join(f"{name} ({' / '.join(_COLUMNS[name][1:])})" for name in missing)
        raise RefusedError(_("The file has no column for: %(columns)s.") % {"columns": told})
    return places


def _call(cells: Mapping[str, str]) -> Call:
    return call_of(
        transaction=cells["transaction"],
        content=cells["content"],
        amount=cells["amount"],
        paid_at=cells.get("paid_at", "").strip(),
    )


def _reconcile(gateway: str, call: Call, line: int, done: Reconciled, now: datetime) -> None:
    known = PaymentNotice.objects.filter(gateway=gateway, transaction=call.transaction).first()
    if known is None:
        notice = record_payment(gateway=gateway, call=call, now=now)
        if notice.verdict == NoticeVerdict.MATCHED:
            done.settled += 1
        else:
            done.stray += 1
    elif known.amount_vnd != call.amount_vnd:
        told = f"the bank's file says {call.amount_vnd} đ, its call said {known.amount_vnd} đ"
        done.differing.append(BadRow(line, f"{call.transaction}: {told}"))
    else:
        done.known += 1


def _missing(gateway: str, seen: set[str]) -> list[str]:
    """Return calls between the file's first and last known call that the file does not have."""
    calls = PaymentNotice.objects.filter(gateway=gateway)
    span = calls.filter(transaction__in=seen).aggregate(
        first=Min("recorded_at"), last=Max("recorded_at")
    )
    if span["first"] is None:
        return []
    between = calls.filter(recorded_at__gte=span["first"], recorded_at__lte=span["last"])
    return list(
        between.exclude(transaction__in=seen).order_by("pk").values_list("transaction", flat=True)
    )
