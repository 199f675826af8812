"""`python -m benchmarks.run [--all] [--only WORDS] [--citizens N]`: measure, compare with targets.

Everything happens on a PostgreSQL of its own in a temporary folder (sockets only), which is removed
at the end. Exit 1 where a figure falls short of its target.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from portal.embedded import Place, Servers

RESULTS = Path(__file__).parent / "results"
# What a server of four gigabytes would carry; fsync is off, so that the disk of the machine on
# which this runs does not decide. Limit and contenders run on the same server.
TUNING = {
    "work_mem": "64MB",
    "maintenance_work_mem": "512MB",
    "checkpoint_timeout": "30min",
    "effective_cache_size": "3GB",
    "max_parallel_workers_per_gather": "0",
    "autovacuum": "off",
    "jit": "off",
}


def main() -> None:
    """Start a server, fill it, run the suites, print the table, write the results."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        place = Place(Path(folder) / "servers")
        servers = Servers(place, durable=False, shared_buffers="2GB")
        servers.start()
        try:
            os.environ |= place.environment() | {"PORTAL_MODE": "demo"}
            sys.exit(_measure(options))
        finally:
            servers.stop()
            place.remove()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=1_000_000)
    parser.add_argument("--all", action="store_true", help="also the long suites, and 3 M citizens")
    parser.add_argument("--only", metavar="WORDS", help="suites whose name has this in it")
    return parser.parse_args()


def _measure(options: argparse.Namespace) -> int:
    from portal.mode import set_default_settings

    set_default_settings()
    import django

    django.setup()
    from benchmarks.session import chosen, run_all

    suites = chosen(options.only, with_long=options.all)
    if not suites:
        _say(f"No suite has {options.only!r} in its name.")
        return 2
    started = time.perf_counter()
    report = run_all(
        suites,
        citizens=options.citizens,
        with_sizes=options.all and not options.only,
        say=_say,
        tuning=TUNING,
    )
    took = time.perf_counter() - started
    _say(f"all of it: {took:.0f} s")
    _write(report, options, took)
    return int(any(measure.verdict == "short" for measure in report.measures))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a program for the terminal


def _write(report: object, options: argparse.Namespace, took: float) -> None:
    from dataclasses import asdict

    from benchmarks.measures import Report
    from benchmarks.report import table

    assert isinstance(report, Report)  # noqa: S101 - imported late, after the settings stand
    _say(table(report.measures))
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    document = {
        "citizens": options.citizens,
        "seconds": round(took, 1),
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version()},
        "tuning": TUNING,
        "measures": [asdict(one) | {"verdict": one.verdict} for one in report.measures],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    _say(f"written to {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")


if __name__ == "__main__":
    main()
