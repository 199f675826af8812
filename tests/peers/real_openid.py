"""node's oidc-provider itself, driven page by page as the browser of a citizen would.

`python -m tests.peers.real_openid` installs it (npm, by a lock with hashes) where Node 20 or later
is there; Debian's is tried where we are root (Debian 12 has an older one). In CI it must be there
where Node is.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from portal.processes import tied_to_this_process
from tests.debian import in_ci, install

HERE = Path(__file__).parent / "oidc"
MODULE = HERE / "node_modules" / "oidc-provider"
OLDEST_NODE = 20
MISSING = "node's oidc-provider is not installed: Node 20 or later and npm, then `make openid`"
_ACTION = re.compile(r'<form[^>]*action="([^"]+)"')
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def node_is_there() -> bool:
    """Return whether Node is new enough."""
    node = shutil.which("node")
    if node is None or not shutil.which("npm"):
        return False
    asked = [node, "--version"]  # Debian's own
    done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - asks its version
    number = done.stdout.strip().removeprefix("v").partition(".")[0]
    return number.isdecimal() and int(number) >= OLDEST_NODE


def require_openid() -> None:
    """Skip the test where it is missing; in CI that is a failure, unless Node itself is too old."""
    if not node_is_there():
        pytest.skip(MISSING)
    if not MODULE.exists():
        (pytest.fail if in_ci() else pytest.skip)(MISSING)


class RealOpenId:
    """Runs between `with` and its end, on a free port of the loopback."""

    def __init__(
        self, *, redirect: str, people: Mapping[str, Any], seal: Mapping[str, Any]
    ) -> None:
        """Tell it where to send people back, whom it knows, and our key for sealed answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._told = {
            "PORT": str(self.port),
            "REDIRECT": redirect,
            "PEOPLE": json.dumps(people),
            "SEAL": json.dumps(seal),
        }

    @property
    def issuer(self) -> str:
        """Its name."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            [str(shutil.which("node")), "provider.mjs"],
            cwd=HERE,
            env={"PATH": os.environ["PATH"], **self._told},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=tied_to_this_process(signal.SIGKILL),
        )
        said = []
        for line in self._process.stdout or ():
            said.append(line)
            if line.strip() == "ready":
                return self
        raise AssertionError(f"oidc-provider did not start: {''.join(said)}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def confirmed(self, address: str, *, subject: str) -> str:
        """Sign in there as `subject` and agree; return the query that the browser brings back."""
        with requests.Session() as browser:
            answer = browser.get(address, allow_redirects=False)
            for _step in range(12):
                if answer.is_redirect:
                    led = urljoin(answer.url, answer.headers["Location"])
                    if not led.startswith(self.issuer):
                        return urlsplit(led).query
                    answer = browser.get(led, allow_redirects=False)
                    continue
                form = dict(_HIDDEN.findall(answer.text)) | {"login": subject, "password": "x"}
                where = urljoin(answer.url, unescape(_ACTION.findall(answer.text)[0]))
                answer = browser.post(where, data=form, allow_redirects=False)
        raise AssertionError(f"lost at {answer.url}: {answer.text[:500]}")


def main() -> int:
    """Install it where possible; fail only in CI."""
    if not node_is_there():
        install("nodejs", "npm")
    if node_is_there() and not MODULE.exists():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=HERE, check=False)  # noqa: S603 - npm
    if node_is_there() and MODULE.exists():
        sys.stdout.write("openid: node's oidc-provider\n")
        return 0
    sys.stdout.write(f"openid: none, its tests will be skipped. {MISSING}\n")
    return int(in_ci() and node_is_there())


if __name__ == "__main__":
    sys.exit(main())
