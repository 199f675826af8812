"""The published table of the clock: what docs/clock.md shows and the tests count, from one place.

``python -m tests.dossiers.published_cases`` writes the table into docs/clock.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from dossiers.enums import ClockEventKind
from dossiers.sla import Entry, Limit
from portal.common.calendar import WorkingCalendar
from procedures.enums import TimeUnit
from tests.dossiers.clock_cases import at

DOCS = Path(__file__).resolve().parents[2] / "docs" / "clock.md"
TABLE = Path(__file__).with_suffix(".txt")
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"

# Days off on weekdays, and worked Saturdays, as the portal loads them for these years.
_OFF = """
2026-01-01 2026-01-02 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20 2026-04-27 2026-04-30
2026-05-01 2026-08-31 2026-09-01 2026-09-02 2026-11-24 2027-01-01 2027-02-04 2027-02-05 2027-02-08
2027-02-09 2027-02-10 2027-04-16 2027-04-30 2027-05-03 2027-09-02 2027-09-03 2027-11-24 2028-01-03
2028-01-24 2028-01-25 2028-01-26 2028-01-27 2028-01-28 2028-04-04 2028-05-01 2028-05-02 2028-09-01
2028-09-04 2028-11-24
"""
CALENDAR = WorkingCalendar(
    days_off=frozenset(map(date.fromisoformat, _OFF.split())),
    working_days=frozenset({date(2026, 1, 10), date(2026, 8, 22)}),
)


@dataclass(frozen=True)
class Case:
    """A ledger, a limit and the date they give; `ledger` is written ``kind day [hour] [+days]``."""

    group: str
    shows: str
    ledger: str
    limit: str
    due: str

    def entries(self) -> list[Entry]:
        """Return the ledger as the replay reads it."""
        return [_entry(words) for words in self.ledger.split("; ")]

    def terms(self) -> Limit:
        """Return the limit as the catalogue would state it."""
        words = self.limit.split()
        by = date.fromisoformat(words[-1]) if "by" in words else None
        if words[0] == "same":
            return Limit(0, TimeUnit.SAME_DAY, cutoff=time(15), latest_on=by)
        if words[0] == "none":
            return Limit(None, TimeUnit.CALENDAR_CAMPAIGN)
        unit = TimeUnit.WORKING_DAY if words[1] == "working" else TimeUnit.CALENDAR_DAY
        return Limit(int(words[0]), unit, latest_on=by)


_KINDS = {
    "start": ClockEventKind.START,
    "pause": ClockEventKind.PAUSE,
    "wait": ClockEventKind.SYNC_WAIT,
    "resume": ClockEventKind.RESUME,
    "extend": ClockEventKind.EXTENSION,
    "calendar": ClockEventKind.CALENDAR_CHANGE,
    "finish": ClockEventKind.FINISH,
}


def _entry(words: str) -> Entry:
    match = re.fullmatch(r"(\w+) (\S+)(?: (\d\d:\d\d))?(?: \+(\d+))?(?: =(\S+))?", words)
    assert match is not None, words
    kind, day, hour, days, due = match.groups()
    when = at(f"{day} {hour}" if hour else day)
    moved = date.fromisoformat(due) if due else None
    return Entry(_KINDS[kind], when, int(days) if days else None, moved)


def published() -> Iterator[Case]:
    """Yield the published cases in their order."""
    group = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            group = line[2:]
            continue
        shows, ledger, limit, due = (cell.strip() for cell in line.split("|"))
        yield Case(group, shows, ledger, limit, due)


def table() -> str:
    """Return the published cases as Markdown."""
    lines, group = [], ""
    for number, case in enumerate(published(), start=1):
        if case.group != group:
            group = case.group
            lines += ["", f"### {group}", "", "| no. | shows | ledger | limit | due on |"]
            lines.append("|--:|---|---|---|---|")
        ledger = "<br>".join(case.ledger.split("; "))
        due = f"{_weekday(case.due)} {case.due}" if case.due != "none" else "no date"
        lines.append(f"| {number} | {case.shows} | {ledger} | {case.limit} | {due} |")
    return "\n".join(lines).strip()


def _weekday(day: str) -> str:
    return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[date.fromisoformat(day).weekday()]


def write() -> None:
    """Put the table into its place in docs/clock.md."""
    text = DOCS.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    DOCS.write_text(f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write()
