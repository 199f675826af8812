"""First pages of the officials' lists over a million people, dossiers and messages."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.databases import as_owner, run_on, told_by
from benchmarks.measures import Report, suite

DATABASE = "desk"
ROWS = 1_000_000
MOST_MS, MOST_QUERIES = 300, 20


@suite("lists of the desk", is_long=True)
def desk_suite(report: Report, _citizens: int) -> None:
    """Fill a database of its own and look at each list as officials of a ward and of the city."""
    as_owner(f"CREATE DATABASE {DATABASE}")
    try:
        run_on(DATABASE, "migrate")
        run_on(DATABASE, "load_catalogue")
        told = json.loads(told_by(DATABASE, "benchmarks.desk_times", ROWS))
    finally:
        as_owner(f"DROP DATABASE {DATABASE}")
    tell(report, told)


def tell(report: Report, told: dict[str, dict[str, Any]]) -> None:
    """Report of each page its time, the most questions of any, and tables read whole."""
    for name, page in told.items():
        note = f"{page['queries']} queries" + "".join(
            f"; reads {one}" for one in page["read_whole"]
        )
        report.add(f"desk: {name}", page["ms"], "ms", at_most=MOST_MS, note=note)
    most = max(page["queries"] for page in told.values())
    report.add("desk: queries of a page", most, "queries", at_most=MOST_QUERIES)
    read = {table for page in told.values() for table in page["read_whole"]}
    report.add("desk: big tables that a page reads whole", len(read), "tables", at_most=0)
