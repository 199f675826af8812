"""SoftHSM 2: a token in software, before which our PKCS#11 seal stands as before a card or HSM.

`python -m tests.peers.softhsm` says whether it is there, and installs it where we are root; in CI a
missing one fails.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.debian import in_ci, install

PROGRAM = "softhsm2-util"
MISSING = "SoftHSM 2 is not installed; as root: apt-get install softhsm2"
_MODULES = ("/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib64/pkcs11")


def find_module() -> Path | None:
    """Return SoftHSM's PKCS#11 module, None where it is missing."""
    if not shutil.which(PROGRAM):
        return None
    found = (Path(folder) / "libsofthsm2.so" for folder in _MODULES)
    return next((module for module in found if module.is_file()), None)


def require_module() -> Path:
    """Return the module; skip the test where there is none, in CI that is a failure."""
    module = find_module()
    if module is None:
        (pytest.fail if in_ci() else pytest.skip)(MISSING)
    return module


def new_token(folder: Path, *, label: str, pin: str, key: Path) -> Path:
    """Make a token with a private key (PKCS#8 PEM, label as the token's); return its settings.

    They must stand in SOFTHSM2_CONF before the module is opened.
    """
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    secrets = ["--label", label, "--pin", pin]
    _run(settings, "--init-token", "--free", "--so-pin", f"{pin}0", *secrets)
    token = ["--token", label, "--pin", pin, "--label", label, "--id", "01"]
    _run(settings, "--import", str(key), *token)
    return settings


def _run(settings: Path, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - a program of Debian, arguments of the test
        [shutil.which(PROGRAM) or PROGRAM, *arguments],
        env={"SOFTHSM2_CONF": str(settings)},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()


def main() -> int:
    """Install softhsm2 where possible; fail only in CI."""
    if find_module() is None:
        install("softhsm2")
    module = find_module()
    if module is not None:
        sys.stdout.write(f"softhsm: {module}\n")
        return 0
    sys.stdout.write(f"softhsm: none, its test will be skipped. {MISSING}\n")
    return 1 if in_ci() else 0


if __name__ == "__main__":
    sys.exit(main())
