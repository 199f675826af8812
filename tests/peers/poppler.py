"""Poppler's programs: a reader of PDFs and of their signatures that shares no code with ours.

`python -m tests.peers.poppler` says whether they are there, and installs them where we are root; in
CI missing ones fail.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.debian import in_ci, install

PROGRAMS = ("pdfsig", "pdftotext", "pdftoppm")
MISSING = "Poppler's programs are not installed; as root: apt-get install poppler-utils"


def find_poppler() -> bool:
    """Return whether all of them are there."""
    return all(map(shutil.which, PROGRAMS))


def require_poppler() -> None:
    """Skip the test where they are missing; in CI that is a failure."""
    if not find_poppler():
        (pytest.fail if in_ci() else pytest.skip)(MISSING)


def signature_of(path: Path) -> str:
    """Return what pdfsig says of the signatures of a file."""
    return _run("pdfsig", str(path))


def text_of(path: Path) -> str:
    """Return the words of a file, one line a paragraph of the layout."""
    return " ".join(_run("pdftotext", "-layout", str(path), "-").split())


def pictures_of(path: Path, folder: Path, *, dots: int = 40) -> list[Path]:
    """Draw every page at so many dots an inch; return the pictures in order."""
    _run("pdftoppm", "-r", str(dots), "-gray", str(path), str(folder / path.stem))
    return sorted(folder.glob(f"{path.stem}-*.pgm"))


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)  # noqa: S603
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def main() -> int:
    """Install poppler-utils where possible; fail only in CI."""
    if not find_poppler():
        install("poppler-utils")
    if find_poppler():
        sys.stdout.write(f"poppler: {', '.join(PROGRAMS)}\n")
        return 0
    sys.stdout.write(f"poppler: none, its tests will be skipped. {MISSING}\n")
    return 1 if in_ci() else 0


if __name__ == "__main__":
    sys.exit(main())
