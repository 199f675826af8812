"""A province's population register comes in: how fast, in how much memory, and after three kills.

Each import is a process of its own on a database of its own beside the benchmark's, as an operator
would run it. What it must have found is known, because the extract was written here.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.databases import as_owner, ask, environment, run_on, told_by
from benchmarks.extracts import write_people
from benchmarks.measures import Report, suite

TEMPLATE, DATABASE = "imports_empty", "imports"
AS_OF = "2026-11-20"
KILLS = 3
_UNITS = (
    "SELECT code FROM citizens_unit WHERE upper_inf(valid) AND kind IN ('ward', 'commune')"
    " ORDER BY code"
)
_SESSIONS = (
    "SELECT pid FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@suite("import of a register", is_long=True)
def import_suite(report: Report, citizens: int) -> None:
    """Import a row for each citizen, 1 % of them bad; then again, killed three times."""
    with tempfile.TemporaryDirectory(prefix="portal-extract-") as folder:
        _prepare()
        units = [row[0] for row in ask(TEMPLATE, _UNITS)]
        made = write_people(Path(folder) / "people.csv", citizens, units)
        wrong = Path(folder) / "wrong.json"
        wrong.write_text(json.dumps({"lines": made.bad_lines, "rows": made.rows}))
        undisturbed = _undisturbed(report, made.path, wrong)
        _twice(report, made.path, wrong, undisturbed)
        _younger(report, Path(folder) / "younger.csv", citizens, units)
        _killed(report, made.path, wrong, undisturbed)
        as_owner(f"DROP DATABASE {DATABASE}")
        as_owner(f"DROP DATABASE {TEMPLATE}")


def _undisturbed(report: Report, path: Path, wrong: Path) -> Mapping[str, Any]:
    _fresh()
    run = _import(path)
    found = _verify(wrong)
    kinds = found["kinds"]
    report.add("import: rows", found["rows"], "rows")
    report.add("import: seconds", run.seconds, "s", at_most=120)
    report.add("import: rows a second", found["rows"] / run.seconds, "rows/s")
    report.add("import: processor time a row", 1e6 * run.processor / found["rows"], "µs")
    report.add("import: memory of the process", run.megabytes, "MB", at_most=300)
    report.add("import: kinds of mistakes", kinds, "kinds", at_least=20)
    report.add("import: good rows stored", found["stored_share"], "%", at_least=100)
    report.add("import: bad rows named right", found["named_share"], "%", at_least=100)
    report.add("import: good rows rejected", found["wrongly"], "rows", at_most=0)
    return found


def _twice(report: Report, path: Path, wrong: Path, before: Mapping[str, Any]) -> None:
    run = _import(path)
    same = _verify(wrong)["digests"] == before["digests"]
    report.add("import: the same file again", run.seconds, "s")
    report.add("import: facts changed by it", 0 if same else 1, "states", at_most=0)


def _younger(report: Report, path: Path, citizens: int, units: list[str]) -> None:
    """Bring the same people a week later, one in fifty of them moved."""
    write_people(path, citizens, units, moved_every=50)
    run = _import(path, as_of="2026-11-24")
    counts = "SELECT changed_count, unchanged_count FROM citizens_batch ORDER BY id DESC LIMIT 1"
    changed, unchanged = ask(DATABASE, counts)[0]
    report.add("import: the same people a week later", run.seconds, "s")
    report.add("import: of them changed", changed, "rows")
    report.add("import: of them confirmed", unchanged, "rows")


def _killed(report: Report, path: Path, wrong: Path, before: Mapping[str, Any]) -> None:
    _fresh()
    random = Random(f"{before['rows']}")  # noqa: S311 - reproducible, no secret
    shares = sorted(random.uniform(0.05, 0.9) for _ in range(KILLS))
    for share in shares:
        _import(path, until=partial(_has_reached, share * before["rows"]))
    _import(path)
    after = _verify(wrong)["digests"]
    differing = sum(before["digests"][name] != after[name] for name in before["digests"])
    report.add(f"import: tables that differ after {KILLS} kills", differing, "tables", at_most=0)


# ------------------------------------------------------------------------- processes
@dataclass(frozen=True)
class _Run:
    """What an import took; its processor time includes children and sessions of the database."""

    seconds: float
    megabytes: float
    processor: float


def _import(path: Path, until: Callable[[], bool] | None = None, *, as_of: str = AS_OF) -> _Run:
    """Run the command; kill it with -9 as soon as `until` holds."""
    started = time.perf_counter()
    child = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "manage.py", "import_register", "NPD.person", path, "--as-of", as_of],
        env=environment(DATABASE),
        stdout=subprocess.DEVNULL,
    )
    most, spent = 0.0, dict[str, float]()
    while child.poll() is None and not (until and until()):
        most = max(most, _megabytes(child.pid))
        spent |= {} if until else _processor(child.pid)
        time.sleep(0.05 if until else 0.5)
    if child.returncode is None:
        child.send_signal(signal.SIGKILL)
        child.wait()
    elif child.returncode:
        raise RuntimeError("the import failed")
    return _Run(time.perf_counter() - started, most, sum(spent.values()))


def _megabytes(pid: int) -> float:
    """Return the memory of a process and its children, what they share counted once (PSS)."""
    kilobytes = 0
    with suppress(OSError):  # whoever has ended meanwhile needs none
        for one in _family(pid):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024


def _family(pid: int) -> list[str]:
    return [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _processor(pid: int) -> dict[str, float]:
    """Return the seconds that a process, its children and its sessions have had so far, by pid.

    On a machine that others use too, they tell more than the clock.
    """
    seconds: dict[str, float] = {}
    with suppress(OSError):  # whoever has ended was counted shortly before
        for one in _family(pid) + [str(session) for (session,) in ask(DATABASE, _SESSIONS)]:
            told = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            seconds[one] = (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def _verify(wrong: Path) -> dict[str, Any]:
    """Ask a process on that database what is stored there."""
    found: dict[str, Any] = json.loads(told_by(DATABASE, "benchmarks.import_verdict", wrong))
    return found


# ------------------------------------------------------------------------- databases
def _prepare() -> None:
    """Make a migrated database with units and registers, to be copied for each run."""
    as_owner(f"CREATE DATABASE {TEMPLATE}")
    for command in ("migrate", "load_catalogue"):
        run_on(TEMPLATE, command)


def _fresh() -> None:
    as_owner(f"DROP DATABASE IF EXISTS {DATABASE}")
    as_owner(f"CREATE DATABASE {DATABASE} TEMPLATE {TEMPLATE}")


def _has_reached(line: float) -> bool:
    return _progress() >= line


def _progress() -> int:
    rows = ask(DATABASE, "SELECT progress FROM citizens_batch WHERE sha256 <> ''")
    return rows[0][0] if rows else 0
