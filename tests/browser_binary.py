"""Find Debian's Chromium, or install it where we are root; never a download of playwright's own.

`python -m tests.browser_binary` says what the browser tests will do. In CI a missing browser fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

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


def in_ci() -> bool:
    """Tell whether a missing browser is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def _install() -> None:
    """Install Debian's package; a failure is told, not raised."""
    quiet = {
        "stdout": subprocess.DEVNULL,
        "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    }
    sys.stdout.write("browser: installing Debian's chromium (once) …\n")
    sys.stdout.flush()
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
    ):
        if subprocess.run(command, check=False, **quiet).returncode:  # type: ignore[call-overload]  # noqa: S603
            sys.stdout.write(f"browser: `{' '.join(command)}` failed\n")


def main() -> int:
    """Install a browser where possible; fail only in CI."""
    if find_chromium() is None and os.getuid() == 0 and shutil.which("apt-get"):
        _install()
    if found := find_chromium():
        sys.stdout.write(f"browser: {found}\n")
        return 0
    sys.stdout.write(f"browser: none, the browser tests will be skipped. {MISSING}\n")
    return 1 if in_ci() else 0


if __name__ == "__main__":
    sys.exit(main())
