"""Programs of Debian that the tests talk to: installed where we are root, else skipped with a word.

In CI a missing one is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def in_ci() -> bool:
    """Tell whether a missing program is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def install(*packages: str) -> None:
    """Install Debian's packages where we may; a failure is told, not raised."""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return
    quiet = {
        "stdout": subprocess.DEVNULL,
        "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    }
    sys.stdout.write(f"installing Debian's {' and '.join(packages)} (once) …\n")
    sys.stdout.flush()
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        if subprocess.run(command, check=False, **quiet).returncode:  # type: ignore[call-overload]  # noqa: S603
            sys.stdout.write(f"`{' '.join(command)}` failed\n")
