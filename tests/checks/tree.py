"""Checks of the tree itself: no host of a registry, no path of a machine, no file too long."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
MOST_LINES = {".py": 400, ".html": 120, ".txt": 120}

# Written in parts, so that this file does not name what it forbids.
_FORBIDDEN = [
    "pypi" + r"\.org",
    "python" + r"hosted\.org",
    "registry" + r"\.npm" + r"js\.org",
    "npm" + r"mirror\.com",
    "artifact" + "ory",
    "unpkg" + r"\.com",
    "jsdelivr" + r"\.net",
    "cdn" + "js",
    "fonts" + r"\.(googleapis|gstatic)\.com",
    r"(?<![\w.])/(root|home/\w+|work|opt/py" + r"pi)/",
    "--(extra-)?index" + "-url",
]
FORBIDDEN = re.compile("|".join(_FORBIDDEN))
# Vendored files keep the comments of their authors; this option makes the locks free of hosts.
_ALLOWED = re.compile("--no-emit-index" + "-url|portal/static/vendor/")


def tracked_files() -> list[Path]:
    """Return the files that git knows and that still exist."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607
        cwd=PROJECT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return [path for name in listed.split("\0") if name and (path := PROJECT / name).is_file()]


def forbidden_names(files: Sequence[Path]) -> Iterator[str]:
    """Yield `file:line: text` for every mention of a registry's host or a machine's path."""
    for path in files:
        if _ALLOWED.search(path.relative_to(PROJECT).as_posix()):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # fonts, pictures, compiled catalogues
        for number, line in enumerate(text.splitlines(), start=1):
            if found := FORBIDDEN.search(_ALLOWED.sub("", line)):
                yield f"{path.relative_to(PROJECT)}:{number}: {found.group()}"


def long_files(files: Sequence[Path]) -> Iterator[str]:
    """Yield a sentence for every Python file and every template that should be split."""
    for path in files:
        name = path.relative_to(PROJECT).as_posix()
        is_template = name.startswith("templates/")
        if path.suffix not in MOST_LINES or (path.suffix != ".py" and not is_template):
            continue
        if "/migrations/" in name:
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES[path.suffix]:
            yield f"{name}: {lines} lines (at most {MOST_LINES[path.suffix]})"


def main() -> int:
    """Print what is wrong with the tree; return an exit code."""
    files = tracked_files()
    problems = [*forbidden_names(files), *long_files(files)]
    for problem in problems:
        print(problem)  # noqa: T201
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
