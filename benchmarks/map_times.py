"""`python -m benchmarks.map_times DOSSIERS`: fill a trial's database with counted dossiers and time
the map's queries and pages on it.

One line of JSON: name and milliseconds of each, the least of several turns: what the machine does
beside it only ever adds.
"""

# ruff: noqa: S608 - text of our own, without any value from outside
from __future__ import annotations

import json
import sys
import tracemalloc
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from benchmarks.measures import timed
from benchmarks.page_times import as_served
from portal.mode import set_default_settings

TURNS = 15
_RANDOM = "(hashint8extended(n, {salt}) & 2147483647)::int"

# Two years of a province: a seventh with its own offices, 25 fields, one in twenty late, one in
# thirty open. An open one is due in the days around today, so half of them are overdue.
_COUNTED = f"""
INSERT INTO reporting_counteddossier
  (dossier_id, unit_id, procedure, field, filed_on, due_on, held_on, finished_on, outcome)
SELECT n, unit, 'P' || field, 'Lĩnh vực ' || field, filed,
  CASE WHEN is_open THEN %(today)s::date + term - 10 ELSE filed + term END, NULL,
  CASE WHEN NOT is_open THEN filed + taken END,
  CASE WHEN is_open THEN '' WHEN taken < term THEN 'early' WHEN taken = term THEN 'on_time'
    ELSE 'late' END
FROM (
  SELECT n, field, term, is_open, filed,
    CASE WHEN {_RANDOM.format(salt=1)} %% 7 = 0 THEN units[1]
      ELSE units[2 + {_RANDOM.format(salt=2)} %% (cardinality(units) - 1)] END AS unit,
    CASE WHEN {_RANDOM.format(salt=3)} %% 20 = 0 THEN term + 1 + {_RANDOM.format(salt=4)} %% 15
      ELSE term - {_RANDOM.format(salt=5)} %% (term + 1) END AS taken
  FROM (
    SELECT n, 1 + {_RANDOM.format(salt=6)} %% 25 AS field,
      (3 + {_RANDOM.format(salt=7)} %% 18)::int AS term,
      {_RANDOM.format(salt=8)} %% 30 = 0 AS is_open,
      %(today)s::date - 40 - ({_RANDOM.format(salt=9)} %% 690)::int AS filed
    FROM generate_series(1::bigint, %(dossiers)s) n
  ) AS drawn, (SELECT %(units)s::bigint[] AS units) AS places
) AS told
"""
_DOSSIERS = """
INSERT INTO dossiers_dossier (id, code, status, procedure_version_id, owner_id, applicant_id,
  competent_id, unit_id, origin, anchor, submitted_at, due_on, finished_at)
SELECT dossier_id, 'M' || dossier_id, CASE WHEN finished_on IS NULL THEN 4 ELSE 10 END, 1, 1, 1, 1,
  unit_id, 'citizen', 0, filed_on, due_on, finished_on
FROM reporting_counteddossier
"""


def main() -> None:
    """Fill, measure, print."""
    import django

    django.setup()
    _fill(int(sys.argv[1]))
    with as_served():
        told = _queries() | _pages() | _file()
    print(json.dumps(told))  # noqa: T201 - whoever began this process reads it


def _fill(dossiers: int) -> None:
    from django.db import connection

    from citizens.enums import UnitKind
    from portal.common import clock, db_roles
    from portal.reporting.selectors.units import units_counted
    from portal.reporting.services.recount import mend_sums

    today = clock.today()
    # The offices of the city come first: a seventh is theirs.
    found = units_counted(day=today)
    units = [one.pk for one in sorted(found, key=lambda one: one.kind != UnitKind.PROVINCE)]
    with db_roles.as_owner(), connection.cursor() as cursor:
        # The keys are those of the rows made here; nobody of the population is asked.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("TRUNCATE dossiers_dossier, reporting_settledmonth CASCADE")
        asked: dict[str, Any] = {"today": today, "dossiers": dossiers, "units": units}
        cursor.execute(_COUNTED, asked)
        cursor.execute(_DOSSIERS)
        cursor.execute("SET session_replication_role = origin")
        mend_sums()
        cursor.execute("ANALYZE")
        cursor.execute("VACUUM reporting_counteddossier, reporting_settledmonth")


def _queries() -> dict[str, float]:
    from portal.common import clock
    from portal.reporting.selectors.settled import Months, tallies

    today = clock.today()
    year = Months.between(today.replace(month=1), today, today)
    month = Months.between(today, today, today)
    return {
        "query: a year of all units": _least(lambda: tallies(months=year)),
        "query: the year before": _least(lambda: tallies(months=year.a_year_before())),
        "query: a month of all units": _least(lambda: tallies(months=month)),
        "query: a year of one field": _least(lambda: tallies(months=year, field="Lĩnh vực 7")),
    }


def _pages() -> dict[str, float]:
    from django.test import Client

    from citizens.models import Unit
    from portal.common import clock

    client, today = Client(), clock.today()
    city = Unit.objects.valid_on(today).get(kind="province").code
    ward = Unit.objects.valid_on(today).filter(kind="ward").order_by("code").first()
    assert ward is not None  # noqa: S101 - the catalogue has wards
    addresses = {
        "page: the map of a year": f"/map/?period={today:%Y}",
        "page: the map of a month": f"/map/?period={today:%Y-%m}",
        "page: the map of a field": "/map/?field=L%C4%A9nh+v%E1%BB%B1c+7",
        "page: a ward's year": f"/map/{ward.code}/",
        "page: the city's own offices' year": f"/map/{city}/",
    }
    return {name: _least(partial(client.get, path)) for name, path in addresses.items()}


def _file() -> dict[str, float]:
    """Return seconds and peak memory of handing out a year's rows."""
    from django.test import Client

    client, today = Client(), date.today()  # noqa: DTZ011 - any day of the year
    path = f"/map/rows.csv?period={today:%Y}"
    size = 0

    def fetch() -> None:
        nonlocal size
        size = sum(len(piece) for piece in client.get(path))

    milliseconds = _least(fetch, turns=2)
    tracemalloc.start()
    fetch()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {
        "file: a year's rows": milliseconds,
        "file: megabytes": size / 1e6,
        "file: peak of memory, megabytes": peak / 1e6,
    }


def _least(action: Callable[[], object], turns: int = TURNS) -> float:
    action()
    return 1000 * min(timed(action) for _ in range(turns))


if __name__ == "__main__":
    set_default_settings()
    main()
