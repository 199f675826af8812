"""One session: migrate an empty database, fill it, run the suites on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.core.management import call_command
from django.db import connection

import benchmarks.desk
import benchmarks.drain
import benchmarks.figures
import benchmarks.forecast
import benchmarks.importing
import benchmarks.log
import benchmarks.pages
import benchmarks.protection
import benchmarks.rehearsal  # noqa: F401 - they register their suites
from benchmarks import population, scan
from benchmarks.measures import SUITES, Report, Suite
from benchmarks.rules import make_rules
from portal.common import db_roles


def chosen(words: str | None, *, with_long: bool) -> list[Suite]:
    """Return the suites whose name has `words` in it, long or not; without words as it says."""
    if words:
        return [one for one in SUITES if words.casefold() in one.name.casefold()]
    return [one for one in SUITES if with_long or not one.is_long]


def run_all(
    suites: Sequence[Suite],
    *,
    citizens: int,
    with_sizes: bool,
    say: Callable[[str], None],
    tuning: Mapping[str, str],
) -> Report:
    """Run the suites on `citizens` people, `with_sizes` also on three times as many.

    Return the figures.
    """
    report = Report(say)
    with report.step("migrate"):
        call_command("migrate", verbosity=0)
    db_roles.use_owner()
    _tune(tuning)
    _populate(report, citizens, years=10)
    for one in suites:
        with report.step(one.name):
            one.run(report, citizens)
    if with_sizes:
        _compare_sizes(report, citizens)
    return report


def _compare_sizes(report: Report, citizens: int) -> None:
    """Scan three times the people with as many papers due: that should take as long.

    Each time is counted in limits, measured in turns with it, because the machine changes its speed
    in the quarter of an hour between the two.
    """
    small = scan.limits_a_scan_of_papers()
    db_roles.use_owner()
    population.empty()
    _populate(report, 3 * citizens, years=30)
    large = scan.limits_a_scan_of_papers()
    name = f"{3 * citizens:,} citizens, as many papers due, against {citizens:,}"
    report.add(name, large / small, "×", at_most=1.2)


def _populate(report: Report, citizens: int, *, years: int) -> None:
    """Fill the database as its owner; measure with the application's rights and limits.

    Beyond those it may empty the ledgers.
    """
    make_rules(30)
    with report.step(f"{citizens:,} citizens"):
        population.load(
            citizens=citizens, credentials=3 * citizens, years=years, bulk=True, say=report.say
        )
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {db_roles.APP_ROLE}")
    db_roles.use_application()


def _tune(tuning: Mapping[str, str]) -> None:
    with connection.cursor() as cursor:
        for name, value in tuning.items():
            cursor.execute(f"ALTER SYSTEM SET {name} = %s", [value])
        cursor.execute("SELECT pg_reload_conf()")
    connection.close()
