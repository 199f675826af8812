"""Facts that changed reach their suggestions within a minute: the mailbox is read here."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import inf
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from citizens.enums import FactKind
from citizens.models import FactChange
from notifications.services import withdraw_deceased
from portal.common import clock
from portal.common.sql import take_oldest
from procedures.detection import runs
from procedures.detection.changes import Changes
from procedures.detection.engine import Counts, Held, lock_rule, scan_rule
from procedures.detection.facts import ScannedRule
from procedures.detection.shares import serving_rules
from procedures.enums import RunState, ScanKind
from procedures.models import RuleVersion, ScanRun
from procedures.services.tell_settled import tell_settled

BATCH = 1_000
DEATHS_EVERY = 10.0  # seconds after which a long reading looks for deaths again
_OF_DEATHS = (FactKind.CITIZEN, FactKind.LIFE_EVENT)


def scan_changes(*, now: datetime) -> int:
    """Read the mailbox until it is empty and return how many changes were read.

    A batch is one transaction: taking its rows out and all that follows from them. Several
    processes may read at once; rows that one is taking are skipped by the others. However much a
    delivery has put into the mailbox, deaths are looked for after the first batch and every ten
    seconds: what waits to and about the person is taken back within a minute.
    """
    total, looked = 0, -inf
    while read := _read_batch(now, FactChange.objects.all()):
        total += read
        if read < BATCH:
            break
        if time.monotonic() - looked >= DEATHS_EVERY:
            total, looked = total + _read_batch(now, _deaths()), time.monotonic()
    return total


def _deaths() -> QuerySet[FactChange]:
    """Return the news of persons who are known to have died."""
    news = FactChange.objects.filter(kind=FactKind.CITIZEN)
    return news.filter(subject__citizen__died_on__isnull=False)


@transaction.atomic
def _read_batch(now: datetime, changes: QuerySet[FactChange]) -> int:
    taken = _take(changes)
    facts = [row for row in taken if row[0] != FactKind.DISCREPANCY]
    # Whatever hangs on no suggestion (steps of a dossier, letters of others) is taken back here.
    withdraw_deceased(parties=[subject for kind, _, subject in taken if kind in _OF_DEATHS])
    if facts:
        _scan(Changes.of(facts), now)
    if len(facts) < len(taken):  # a decided case is no fact that a rule watches: told, not scanned
        tell_settled(cases=[key for kind, key, _ in taken if kind == FactKind.DISCREPANCY], now=now)
    return len(taken)


def _take(changes: QuerySet[FactChange]) -> list[Any]:
    """Take the oldest of these changes out of the mailbox: (kind, key of the fact, subject)."""
    return take_oldest(changes, columns=("kind", "object_id", "subject"), limit=BATCH)


def _scan(changes: Changes, now: datetime) -> None:
    day = clock.civil_date(now)
    held = Held.about(changes.subjects, day)
    versions = changes.concern(serving_rules(day=day), held, day)
    # In the order of their keys, as every reader does: two readers never wait for each other.
    for version in sorted(versions, key=lambda one: one.rule_id):
        _scan_version(version, day, now, changes.subjects)


def _scan_version(version: RuleVersion, day: date, now: datetime, subjects: Sequence[int]) -> None:
    """Scan one rule for the subjects; what a rule fails with is noted and left to the night.

    A failure of the server (restart, lock) takes the whole batch back: it is read again later.
    """
    started = time.monotonic()
    try:
        with transaction.atomic():
            if not lock_rule(version.rule_id):
                return  # stopped a moment ago, and what waited was withdrawn with that
            # Asked again: the scan that held the lock may have opened what now has to end.
            held = Held.about(subjects, day)
            rule = ScannedRule.of(version)
            counts = scan_rule(rule, day=day, now=now, held=held, subjects=subjects)
    except OperationalError:
        raise
    except Exception as failure:
        runs.note_error(runs.line_of(_run_of(day, now), version), failure)
        return
    _note(version, counts, day, now, timedelta(seconds=time.monotonic() - started))


def _note(version: RuleVersion, counts: Counts, day: date, now: datetime, took: timedelta) -> None:
    if counts:
        line = runs.line_of(_run_of(day, now), version)
        runs.note(line, counts, took=took, finished_at=now)


def _run_of(day: date, now: datetime) -> ScanRun:
    """Return the run that adds up the changed facts of a date."""
    defaults = {"state": RunState.FINISHED, "finished_at": now}
    return ScanRun.objects.get_or_create(
        kind=ScanKind.CHANGES, on_date=day, scope="", defaults=defaults
    )[0]
