"""`python -m tests.long_files times.xml`: which files a developer's loop has no time for.

Reads the times of a whole run (`pytest --junitxml=times.xml`) and writes tests/long_files.txt.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

MOST_SECONDS = 2.5
LIST = Path(__file__).with_name("long_files.txt")
_PROJECT = LIST.parent.parent


def long_files() -> frozenset[str]:
    """Return the files of the list, as paths from the project's root."""
    lines = LIST.read_text().splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def measured(report: Path) -> dict[str, float]:
    """Return the seconds of each file of a JUnit report."""
    seconds: Counter[str] = Counter()
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - our own file
        found = _file_of(case.get("classname", ""))
        if found:
            seconds[found] += float(case.get("time", 0))  # type: ignore[assignment]
    return dict(seconds)


def _file_of(dotted: str) -> str | None:
    for name in _shorter(dotted.split(".")):
        path = Path(*name).with_suffix(".py")
        if (_PROJECT / path).is_file():
            return path.as_posix()
    return None


def _shorter(parts: list[str]) -> Iterator[list[str]]:
    return (parts[:length] for length in range(len(parts), 0, -1))


def main() -> None:
    """Write the list anew, its heading kept."""
    seconds = measured(Path(sys.argv[1]))
    heading = [line for line in LIST.read_text().splitlines() if line.startswith("#")]
    found = sorted(name for name, took in seconds.items() if took > MOST_SECONDS)
    LIST.write_text("\n".join([*heading, *found]) + "\n")


if __name__ == "__main__":
    main()
