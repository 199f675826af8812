"""Find Debian's Chromium, or install it where we are root; never a download of playwright's own.

`python -m tests.browser_binary` says what the browser tests will do. In CI a missing browser fails.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.debian import in_ci, install

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
MISSING = "Chromium is not installed; as root: apt-get install chromium (or set PORTAL_CHROMIUM)"


def find_chromium() -> str | None:
    """Return the path of a Chromium: PORTAL_CHROMIUM, or the first known name in PATH."""
    chosen = os.environ.get("PORTAL_CHROMIUM")
    if chosen:
        return chosen if Path(chosen).exists() else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> int:
    """Install a browser where possible; fail only in CI."""
    if find_chromium() is None:
        install("chromium")
    if found := find_chromium():
        sys.stdout.write(f"browser: {found}\n")
        return 0
    sys.stdout.write(f"browser: none, the browser tests will be skipped. {MISSING}\n")
    return 1 if in_ci() else 0


if __name__ == "__main__":
    sys.exit(main())
