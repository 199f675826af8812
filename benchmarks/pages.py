"""How long the server works for each page of citizens, beside a page of Django's that does nothing.

The pages are those that stand behind links: four people of a demo population begin at their own
matters, a visitor at the front door, and each follows what is offered there.
"""

from __future__ import annotations

import json

from benchmarks.databases import as_owner, run_on, told_by
from benchmarks.measures import Report, suite

DATABASE = "pages"
CITIZENS = 5_000
_COMMANDS = (
    ("migrate",),
    ("load_catalogue",),
    ("demo", "--citizens", str(CITIZENS)),
    ("scan",),
    ("dispatch", "--until-empty"),
)


@suite("pages of citizens", is_long=True)
def pages_suite(report: Report, _citizens: int) -> None:
    """Fill a database as a trial does, look at its pages, report the slow ones and the middle."""
    as_owner(f"CREATE DATABASE {DATABASE}")
    try:
        for command in _COMMANDS:
            with report.step(" ".join(command)):
                run_on(DATABASE, *command)
        with report.step("pages looked at"):
            told = json.loads(told_by(DATABASE, "benchmarks.page_times"))
    finally:
        as_owner(f"DROP DATABASE {DATABASE}")
    tell(report, told["bare_ms"], told["pages"])


def tell(report: Report, bare: float, pages: dict[str, list[float]]) -> None:
    """Report p95 of each page (median and p95 in ms by its name), the slowest first."""
    report.add("pages: a bare page of Django, p95", bare, "ms")
    report.add("pages: different ones looked at", len(pages), "pages", at_least=30)
    slowest = sorted(pages.items(), key=lambda one: -one[1][1])
    for name, (middle, p95) in slowest:
        note = f"half of the time {middle:.1f} ms; {p95 / bare:.0f} × the bare page"
        report.add(f"pages: {name}, p95", p95, "ms", note=note)
