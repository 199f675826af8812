"""The scan against its limit, against its contenders, and on the days when little happens."""

from __future__ import annotations

import resource
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from benchmarks import contenders
from benchmarks.ledgers import LEDGERS, empty_ledgers
from benchmarks.measures import Report, suite, timed
from benchmarks.population import DAY
from benchmarks.rules import make_rules
from citizens.models import Credential, FactChange
from portal.common.clock import CIVIL_ZONE
from procedures.enums import TriggerKind
from procedures.models import Rule, ScanRun
from procedures.services.scan import ScanResult, scan_day
from procedures.services.scan_changes import scan_changes

EMPTY_DAY = date(2150, 1, 1)  # no paper of the population runs out then, nobody has a birthday


@suite("scan")
def scan_suite(report: Report, citizens: int) -> None:
    """The ratios of `make bench`."""
    make_rules(30)
    report.add("nothing due, all rules", _best(lambda: _scan(EMPTY_DAY)) * 1000, "ms", at_most=50)
    _contend(report, _limit_and_scan(report))
    report.add(
        "again with nothing new, 30-day window", _best(lambda: _scan(DAY)) * 1000, "ms", at_most=500
    )
    _quiet_days(report)
    _changed_facts(report, citizens)
    report.add(
        "memory of the process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB"
    )


def _limit_and_scan(report: Report, repetitions: int = 3) -> float:
    """Measure both in turns, so that a busy machine troubles both alike; suggestions a second."""
    scans, limits = _in_turns(repetitions)
    rows = {table: _count(table) for table in LEDGERS}
    due = rows["procedures_suggestion"]
    scan, limit = due / median(scans), due / median(limits)
    for table, number in rows.items():
        report.add(f"rows in {table}", number, "rows")
    report.add("limit: the same rows, no decision", limit, "suggestions/s")
    report.add("scan with all conditions", scan, "suggestions/s")
    report.add("scan against the limit", scan / limit, "×", at_least=0.30, note="aim 0.45")
    forget()
    _scan(DAY)
    return scan


def limits_a_scan_of_papers(repetitions: int = 7) -> float:
    """Return how many times its limit a first scan of the rules of papers takes.

    Other rules are stopped: of birthdays and events as many more fall due as there are people.
    """
    make_rules(30)
    Rule.objects.exclude(kind=TriggerKind.CREDENTIAL_EXPIRY).update(is_active=False)
    _first_scan()
    scans, limits = _in_turns(repetitions)
    return median(scans) / median(limits)


def _in_turns(repetitions: int) -> tuple[list[float], list[float]]:
    """Return the seconds of scans and of their limits, of which one follows the other."""
    pairs = [_scan_and_limit() for _ in range(repetitions)]
    return [scan for scan, _limit in pairs], [limit for _scan, limit in pairs]


def _scan_and_limit() -> tuple[float, float]:
    scan = _first_scan()
    _keep_copies()
    forget()
    return scan, timed(_insert_copies)


def _first_scan() -> float:
    forget()
    return timed(lambda: _scan(DAY))


def _contend(report: Report, scan: float) -> None:
    bulk = contenders.bulk_create_rate(DAY)
    loop = contenders.loop_rate(DAY)
    report.add("contender: chunks and bulk_create", bulk, "suggestions/s")
    report.add("contender: a loop over due papers", loop, "suggestions/s")
    report.add("scan against bulk_create", scan / bulk, "×", at_least=5)
    report.add("scan against the loop", scan / loop, "×", at_least=60)


def _quiet_days(report: Report) -> None:
    """Measure an ordinary next night, then the 60-day window, filled before."""
    tomorrow = timed(lambda: _scan(DAY + timedelta(days=1)))
    report.add("an ordinary night (one new day)", tomorrow * 1000, "ms")
    make_rules(60)
    later = DAY + timedelta(days=2)
    report.add("window widened from 30 to 60 days", timed(lambda: _scan(later)) * 1000, "ms")
    seconds = _best(lambda: _scan(later))
    report.add("again with nothing new, 60-day window", seconds * 1000, "ms", at_most=500)


def _changed_facts(report: Report, citizens: int) -> None:
    now = datetime.combine(DAY + timedelta(days=2), time(6), CIVIL_ZONE)
    for number, target in ((1, 50), (1_000, 250)):
        number = min(number, citizens // 10)
        times = []
        for _ in range(3):
            _change(number)
            times.append(timed(lambda: scan_changes(now=now)))
        report.add(f"{number:,} changed facts", min(times) * 1000, "ms", at_most=target)


def _change(number: int) -> None:
    """Correct the date of as many papers by a day, among them some with open suggestions."""
    papers = Credential.objects.filter(expires_on__gt=DAY).order_by("expires_on", "pk")
    keys = list(papers.filter(kind="passport").values_list("pk", flat=True)[:number])
    chosen = Credential.objects.filter(pk__in=keys)
    chosen.update(expires_on=F("expires_on") + timedelta(days=1))
    FactChange.objects.bulk_create(
        FactChange(kind="credential", object_id=pk, subject_id=holder)
        for pk, holder in chosen.values_list("pk", "holder_id")
    )


@suite("first run", is_long=True)
def first_run_suite(report: Report, citizens: int) -> None:
    """A first run that finds 5 % of the population due, in slices."""
    make_rules(182)
    forget()
    longest = _Longest()
    with connection.execute_wrapper(longest):
        seconds = timed(lambda: _scan(DAY))
    share = _count("procedures_suggestion") / citizens
    report.add("first run: due per citizen", share * 100, "%")
    report.add("first run", seconds, "s", at_most=5 * max(citizens / 1_000_000, 1))
    report.add("first run: longest statement", longest.seconds, "s", at_most=1)


class _Longest:
    """Remembers how long the longest statement took; a slice's transaction is one of those."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        started = perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.seconds = max(self.seconds, perf_counter() - started)


def _scan(day: date) -> ScanResult:
    result = scan_day(on_date=day)
    if result.has_failed:
        raise RuntimeError([one.error for one in result.rules if one.error])
    return result


def forget() -> None:
    """Empty the scan's ledgers, as before the first run."""
    ScanRun.objects.all().delete()
    empty_ledgers()


def _keep_copies() -> None:
    with connection.cursor() as cursor:
        for table in LEDGERS:
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.copy_of_{table}")
            cursor.execute(f"CREATE TEMP TABLE copy_of_{table} AS SELECT * FROM {table}")  # noqa: S608


def _insert_copies() -> None:
    """Insert the rows of the scan once more; ids and times of recording are made anew."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in LEDGERS:
            columns = ", ".join(name for name in _columns(table) if name not in _FILLED_IN)
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {columns} FROM copy_of_{table}"  # noqa: S608
            )


_FILLED_IN = {"public_id", "recorded_at"}


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
        return [column.name for column in found]


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        return int(cursor.fetchone()[0])


def _best(action: Callable[[], object], times: int = 3) -> float:
    return min(timed(action) for _ in range(times))
