"""Make `.venv` and install the locks into it: `python3.11 portal/bootstrap.py base embedded [dev]`.

Standard library only. A lock that is already installed, by its hash, is skipped.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
_HELP = """\
The environment could not be made. What usually helps:
  - Debian and Ubuntu, without root's ensurepip:  apt-get install python3.11-venv
  - no way to a package registry:                 check `pip config list` and the proxy variables
  - an environment that was half made:            rm -rf .venv, then the same command again"""


def main(groups: list[str]) -> int:
    """Bring `.venv` up to date with the locks of `groups`; return an exit code."""
    if sys.version_info[:2] != (3, 11):
        return _complain(f"Python 3.11 is needed; this is {sys.version.split()[0]}.")
    VENV.mkdir(exist_ok=True)
    folder = os.open(VENV, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # two targets of make may want it at once
        wanted = {group: _hash(group) for group in groups}
        known = _installed()
        missing = [group for group in groups if known.get(group) != wanted[group]]
        if not missing and PYTHON.exists():
            return 0
        started = time.monotonic()
        _say(f"environment: installing {', '.join(missing)} (a minute or two the first time) …")
        _install(missing)
        STAMP.write_text(json.dumps(known | wanted), encoding="utf-8")
        _say(f"environment: done in {time.monotonic() - started:.0f} s")
    except subprocess.CalledProcessError as error:
        return _complain(f"{' '.join(map(str, error.cmd[:5]))} … failed.")
    finally:
        os.close(folder)
    return 0


def _install(groups: list[str]) -> None:
    pip = _pip()
    locks = [part for group in groups for part in ("-r", str(_lock(group)))]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    subprocess.run([*pip, "install", *quiet, "--require-hashes", *locks], check=True)  # noqa: S603


def _pip() -> list[str]:
    """Return the pip that installs into `.venv`, and make `.venv` where it is missing."""
    own = [str(PYTHON), "-m", "pip"]
    if PYTHON.exists() and _works(own):
        return own
    if _works([sys.executable, "-m", "ensurepip"]):
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)  # noqa: S603
        return own
    # Debian without python3-venv: an environment without pip, filled by the system's pip.
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "venv", "--without-pip", str(VENV)], check=True
    )
    return [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def _works(command: list[str]) -> bool:
    done = subprocess.run([*command, "--version"], capture_output=True, check=False)  # noqa: S603
    return done.returncode == 0


def _lock(group: str) -> Path:
    return PROJECT / "requirements" / f"{group}.txt"


def _hash(group: str) -> str:
    return hashlib.sha256(_lock(group).read_bytes()).hexdigest()


def _installed() -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _complain(line: str) -> int:
    sys.stderr.write(f"{line}\n{_HELP}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["base", "embedded"]))
