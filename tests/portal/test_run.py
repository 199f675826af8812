"""`manage.py run` as `make run` starts it: one terminal, nothing left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from portal.embedded import Place
from portal.processes import is_alive

PROJECT = Path(__file__).resolve().parent.parent.parent
pytestmark = [pytest.mark.slow, pytest.mark.allow_hosts(["127.0.0.1"])]


class Trial:
    """A trial in a folder of its own, on a free port."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.started: list[subprocess.Popen[str]] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("PYTEST")
        } | {
            "PORTAL_MODE": "demo",
            "PORTAL_TRIAL": str(place.root),
            "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
        }

    def start(self, *options: str) -> subprocess.Popen[str]:
        run = subprocess.Popen(  # noqa: S603
            [sys.executable, "manage.py", "run", "--tied", "--port", str(self.port), *options],
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(run)
        return run

    def end(self) -> None:
        """Kill what a failed test left."""
        for run in self.started:
            run.kill()
            if run.stdout and not run.stdout.closed:
                run.communicate()
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        self.place.remove()

    def wait_until_served(self, run: subprocess.Popen[str]) -> list[str]:
        """Return what was printed until the address was; fail with it where `run` ends before."""
        assert run.stdout is not None
        printed = []
        for line in run.stdout:
            printed.append(line)
            if f"The portal is at {self.address}" in line:
                return printed
        pytest.fail("".join(printed))

    def processes(self) -> list[int]:
        """Return the live processes of this trial: those that name its folder."""
        name = os.fsencode(self.place.root)
        return [
            int(folder.name)
            for folder in Path("/proc").glob("[0-9]*")
            if is_alive(int(folder.name))
            and (_has(folder, "cmdline", name) or _has(folder, "environ", name))
        ]

    def is_gone_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        return not self.processes()


def _has(folder: Path, file: str, name: bytes) -> bool:
    try:
        return name in (folder / file).read_bytes()
    except OSError:
        return False


@pytest.fixture
def trial() -> Iterator[Trial]:
    found = Trial(Place(Path(f"/tmp/portal-test-{os.getpid()}-{time.monotonic_ns()}")))  # noqa: S108
    yield found
    found.end()


@pytest.mark.fault
def test_a_trial_from_nothing_to_ctrl_c(trial: Trial) -> None:
    run = trial.start("--citizens", "300")
    trial.wait_until_served(run)
    with urlopen(f"{trial.address}/readyz", timeout=10) as answer:  # noqa: S310
        assert answer.status == 200

    # Another start says where the portal is.
    other = trial.start()
    said, _ = other.communicate(timeout=60)
    assert f"already running at {trial.address}" in said
    assert other.returncode == 1

    # kill -9 leaves nothing.
    assert len(trial.processes()) >= 8
    run.kill()
    run.communicate()
    assert trial.is_gone_within(10)

    # The next start keeps the data and is quick; Ctrl-C stops everything in order.
    began = time.monotonic()
    run = trial.start()
    printed = trial.wait_until_served(run)
    assert not any("demo population" in line for line in printed)
    assert time.monotonic() - began < 30  # 15 s on an idle machine
    began = time.monotonic()
    run.send_signal(signal.SIGINT)
    said, _ = run.communicate(timeout=30)
    assert time.monotonic() - began < 10
    assert run.returncode == 0, said
    assert said.rstrip().endswith("Stopped.")
    assert trial.processes() == []


def test_a_taken_port_is_told_with_what_to_do(trial: Trial) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", trial.port))
        taken.listen()
        run = trial.start()
        said, _ = run.communicate(timeout=60)

    assert run.returncode == 1
    assert f"Port {trial.port} of 127.0.0.1 is taken" in said
    assert f"PORT={trial.port + 1} make run" in said
    assert trial.processes() == []


@pytest.mark.fault
def test_a_tied_run_ends_with_the_process_that_started_it(trial: Trial) -> None:
    """`make run`, and make is killed: also while the data is still being prepared."""
    make = subprocess.Popen(  # noqa: S603
        [
            sys.executable,
            "-c",
            "import subprocess, sys; subprocess.run(sys.argv[1:])",
            *(sys.executable, "manage.py", "run", "--tied", "--port", str(trial.port)),
        ],
        cwd=PROJECT,
        env=trial.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 30
    while not trial.place.pg_data.exists() and time.monotonic() < deadline:
        time.sleep(0.1)

    make.kill()
    make.wait()

    assert trial.is_gone_within(15)
