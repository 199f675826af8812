"""`make check`: everything static, cheapest first; one line a check, the output of what failed."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal.embedded import Place, Servers

PROJECT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
SOURCES = (
    "portal",
    "citizens",
    "procedures",
    "notifications",
    "dossiers",
    "benchmarks",
    "tests",
    "manage.py",
)


@dataclass(frozen=True)
class Check:
    """One tool, and what helps when it complains."""

    name: str
    command: Sequence[str]
    help: str
    environment: Mapping[str, str] = field(default_factory=dict)


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def _production(place: Place) -> dict[str, str]:
    """Return an environment that production would accept, with secrets made for this check."""
    return {
        "PORTAL_MODE": "production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_KEYS": f"1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "INDEX_KEY": secrets.token_urlsafe(40),
        "SIGNING_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "RECEIPT_SECRET": secrets.token_urlsafe(40),
        "PDF_SIGNER": f"pkcs12:{place.root}/seal.p12?password_file={place.root}/seal.password",
        "LOG_ROOT": str(place.root / "log-root"),
        "MEDIA_ROOT": str(place.root / "media"),
        "ALLOWED_HOSTS": "portal.example",
        "PUBLIC_URL": "https://portal.example",
        **place.environment(),
    }


def _checks(place: Place) -> list[Check]:
    ruff, production = str(BIN / "ruff"), _production(place)
    testing = {"PORTAL_MODE": "test", "TEST_DATABASE_URL": place.database_url}
    return [
        Check("the tree", [sys.executable, "-m", "tests.checks.tree"], "split or rename"),
        Check("format", [ruff, "format", "--check", "--quiet", *SOURCES], "make fix"),
        Check("lint", [ruff, "check", "--quiet", *SOURCES], "make fix, then by hand"),
        Check(
            "imports",
            [str(BIN / "lint-imports")],
            "call downwards; house rules in CONTRIBUTING.md",
            {"PYTHONPATH": "."},
        ),
        Check("templates", [str(BIN / "djlint"), "templates", "--lint", "--quiet"], "by hand"),
        Check("types", [str(BIN / "mypy"), "--no-error-summary", *SOURCES], "by hand"),
        Check("Django", _manage("check", "--fail-level", "WARNING"), "by hand", testing),
        Check(
            "Django in production",
            _manage("check", "--deploy", "--fail-level", "WARNING"),
            "settings/production.py",
            production,
        ),
        Check(
            "migrations",
            _manage("makemigrations", "--check", "--dry-run"),
            "manage.py makemigrations",
            testing,
        ),
    ]


def _run(check: Check) -> bool:
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603
        check.command,
        cwd=PROJECT,
        env={**os.environ, **check.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    mark = "ok  " if done.returncode == 0 else "FAIL"
    _say(f"{mark} {check.name:<22} {time.monotonic() - started:5.1f} s")
    if done.returncode:
        _say(done.stdout.rstrip())
        _say(f"     what helps: {check.help}\n")
    return done.returncode == 0


def main() -> int:
    """Run every check, also after one failed; return an exit code."""
    servers = Servers(Place(Path(tempfile.mkdtemp(prefix="portal-check-"))), durable=False)
    servers.start()
    try:
        failed = [check.name for check in _checks(servers.place) if not _run(check)]
    finally:
        servers.stop()
        servers.place.remove()
    _say(f"{len(failed)} failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
