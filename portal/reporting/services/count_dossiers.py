"""Count dossiers as they are now: their own rows, and the sums of the months kept up with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform

from citizens.selectors import calendar_history
from dossiers.enums import ClockEventKind, Status
from dossiers.models import ClockEvent, Dossier
from dossiers.selectors.clocks import clock_of
from portal.common import clock
from portal.common.calendar import CalendarHistory
from portal.common.sql import Statement
from portal.reporting.enums import ALL_FIELDS, Outcome
from portal.reporting.models import CountedDossier, SettledMonth

# Ended before anybody decided: neither settled nor late.
_NOT_COUNTED = (Status.NOT_RECEIVED, Status.WITHDRAWN)
# The clock of these waits, or their row holds a date that was extended: the ledger is asked.
_WAITING = Q(status__in=(Status.SUPPLEMENT_REQUESTED, Status.PAYMENT_REQUESTED)) | Q(
    system_wait_since__isnull=False
)
# Whoever changes sums comes alone: two at once could both take the same dossier off a month.
_LOCK = 731_003
_ADD = """
INSERT INTO reporting_settledmonth (month, unit_id, field, due_month, outcome, count)
SELECT * FROM unnest(%s::date[], %s::bigint[], %s::text[], %s::date[], %s::text[], %s::int[])
ON CONFLICT (month, unit_id, field, due_month, outcome)
DO UPDATE SET count = reporting_settledmonth.count + EXCLUDED.count
"""
# Of a version of the catalogue two words are asked, not the whole of it.
_NAMED = {
    "unit_of_office": F("competent__unit"),
    "procedure": F("procedure_version__procedure__code"),
    "field": KeyTextTransform("domain_vi", "procedure_version__definition"),
}
_COLUMNS = [
    "unit",
    "procedure",
    "field",
    "filed_on",
    "due_on",
    "held_on",
    "finished_on",
    "outcome",
]


class _Sum(NamedTuple):
    """Which sum a settled dossier belongs to."""

    month: date
    unit: int
    field: str
    due_month: date | None
    outcome: str


def count_dossiers(keys: Iterable[int]) -> int:
    """Count the dossiers with these keys anew; return how many rows changed.

    One transaction; whoever counts at the same time waits. Counting again changes nothing.
    """
    wanted = sorted(set(keys))
    with transaction.atomic():
        alone()
        before = CountedDossier.objects.in_bulk(wanted)
        now = {row.dossier_id: row for row in _rows(wanted)}
        gone = sorted(before.keys() - now.keys())
        changed = [row for key, row in now.items() if _values(row) != _values(before.get(key))]
        CountedDossier.objects.filter(pk__in=gone).delete()
        CountedDossier.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["dossier"], update_fields=_COLUMNS
        )
        less = [
            before[key] for key in (*gone, *(row.dossier_id for row in changed)) if key in before
        ]
        _add_up(changed, less)
    return len(gone) + len(changed)


def alone() -> None:
    """Wait until nobody else changes sums, and keep others waiting until the transaction ends."""
    Statement("SELECT pg_advisory_xact_lock(%s, 0)", (_LOCK,)).fetch()


def _values(row: CountedDossier | None) -> tuple[object, ...] | None:
    if row is None:
        return None
    return tuple(getattr(row, "unit_id" if name == "unit" else name) for name in _COLUMNS)


def _rows(keys: Sequence[int]) -> Iterable[CountedDossier]:
    """Yield what each dossier counts as; the ledger is replayed only where its copy is not enough.

    The copy on the dossier's row is the date promised, and of a clock that waits it says no more
    than when it began to.
    """
    history = calendar_history()
    extended = ClockEvent.objects.filter(dossier=OuterRef("pk"), kind=ClockEventKind.EXTENSION)
    rows = Dossier.objects.filter(pk__in=keys).exclude(status__in=_NOT_COUNTED)
    rows = rows.annotate(**_NAMED).only("due_on", "submitted_at", "finished_at")
    asked = rows.filter(Exists(extended) | _WAITING & Q(finished_at=None))
    ledgers = asked.prefetch_related("clock_events").defer(None).defer("form_enc")
    replayed = {one.pk: one for one in ledgers.select_related("procedure_version")}
    for row in rows:
        if row.pk in replayed:
            yield _by_ledger(replayed[row.pk], history)
        else:
            yield _counted(row, row.due_on, None)


def _by_ledger(row: Dossier, history: CalendarHistory) -> CountedDossier:
    said = clock_of(dossier=row, calendars=history)
    return _counted(row, said.plain_due_on, said.paused_on)


def _counted(row: Any, due_on: date | None, held_on: date | None) -> CountedDossier:
    finished_on = row.finished_at and clock.civil_time(row.finished_at).date()
    return CountedDossier(
        dossier_id=row.pk,
        unit_id=row.unit_of_office,
        procedure=row.procedure,
        field=row.field,
        filed_on=clock.civil_time(row.submitted_at).date(),
        due_on=due_on,
        held_on=None if finished_on else held_on,
        finished_on=finished_on,
        outcome=outcome_of(due_on, finished_on) if finished_on else "",
    )


def outcome_of(due_on: date | None, finished_on: date) -> Outcome:
    """Return how a dossier that is due on `due_on` and finished on `finished_on` was settled."""
    if due_on is None:
        return Outcome.NO_TERM
    if finished_on == due_on:
        return Outcome.ON_TIME
    return Outcome.EARLY if finished_on < due_on else Outcome.LATE


def _add_up(more: Iterable[CountedDossier], less: Iterable[CountedDossier]) -> None:
    """Put the settled ones of `more` into the sums, and take those of `less` off them."""
    sums = Counter(one for row in more for one in _sums_of(row))
    sums.subtract(one for row in less for one in _sums_of(row))
    moved = sorted(((one, count) for one, count in sums.items() if count), key=repr)
    if not moved:
        return
    columns = zip(*((*one, count) for one, count in moved), strict=True)
    Statement(_ADD, tuple(list(column) for column in columns)).execute()
    SettledMonth.objects.filter(count=0).delete()


def _sums_of(row: CountedDossier) -> Iterator[_Sum]:
    """Yield the sums that a settled dossier is part of: of its field, and of all together."""
    if row.finished_on is None:
        return
    due_month = row.due_on and row.due_on.replace(day=1)
    month = row.finished_on.replace(day=1)
    for field in (row.field, ALL_FIELDS):
        yield _Sum(month, row.unit_id, field, due_month, row.outcome)
