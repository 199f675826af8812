"""The public map over a million counted dossiers: its query, its pages, the file of its rows."""

from __future__ import annotations

import json

from benchmarks.databases import as_owner, run_on, told_by
from benchmarks.measures import Report, suite

DATABASE = "figures"
DOSSIERS = 1_000_000
# In ms; a unit's page asks more than the map and has the same target.
_QUERY, _PAGE = 50, 100


@suite("map", is_long=True)
def map_suite(report: Report, _citizens: int) -> None:
    """Fill a database with dossiers of two years and look at what the map asks of it."""
    as_owner(f"CREATE DATABASE {DATABASE}")
    try:
        run_on(DATABASE, "migrate")
        run_on(DATABASE, "load_catalogue")
        told = json.loads(told_by(DATABASE, "benchmarks.map_times", DOSSIERS))
    finally:
        as_owner(f"DROP DATABASE {DATABASE}")
    tell(report, told)


def tell(report: Report, told: dict[str, float]) -> None:
    """Report each figure; queries and pages have a target."""
    for name, value in told.items():
        kind = name.partition(":")[0]
        most = {"query": _QUERY, "page": _PAGE}.get(kind)
        unit = "MB" if "megabytes" in name else "ms"
        report.add(f"map, {name}", value, unit, at_most=most)
