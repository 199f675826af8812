"""Storms on a small sample in every run; `make storms` lets them rage at full size."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sizes import STORMS, of_storms

pytestmark = [pytest.mark.fault, pytest.mark.slow]

PROJECT = Path(__file__).resolve().parents[2]
DEDUPLICATES, CAN_BE_ASKED, BLIND = "dedup=yes&ask=no", "dedup=no&ask=yes", "dedup=no&ask=no"
# In every run such a gateway stands in test_dispatch_faults, where single processes are killed.
ONE_TO_ASK = pytest.param(
    CAN_BE_ASKED,
    marks=pytest.mark.skipif(not STORMS, reason="a gateway that can be asked: `make storms`"),
)


def storm(kind: str, gateway: str, *, messages: int, times: int) -> dict[str, Any]:
    """Let a storm rage as a program of its own and return what it left."""
    command = [sys.executable, "-m", "tests.storms.run", kind, "--gateway", gateway]
    command += ["--messages", str(messages), "--times", str(times)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "PORTAL"))}
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    sys.stdout.write(f"{found}\n")
    return found


@pytest.mark.parametrize("gateway", [DEDUPLICATES, ONE_TO_ASK, BLIND])
def test_kills_lose_and_repeat_nothing(gateway: str) -> None:
    messages, times = of_storms((250, 6), (5000, 200))

    # Kills that hit nothing that somebody held show nothing: a small storm may have only such.
    for _storm in range(4):
        found = storm("kill", gateway, messages=messages, times=times)

        assert sum(found["hits"].values()) == times
        assert (found["lost"], found["repeated"]) == (0, 0), found
        assert sum(found["states"].values()) == messages
        # With neither, what was under way is left to a person, and is not guessed.
        left = {"sent", "unknown"} if gateway == BLIND else {"sent"}
        assert set(found["states"]) <= left, found
        if found["attempts_lost_with_their_sender"] > 0:
            return
    pytest.fail("No kill hit a message that somebody held.")


@pytest.mark.parametrize("gateway", [DEDUPLICATES, ONE_TO_ASK])
def test_a_database_that_is_shut_down_loses_and_repeats_nothing(gateway: str) -> None:
    messages, times = of_storms((250, 2), (3000, 10))

    found = storm("database", gateway, messages=messages, times=times)

    assert found["hits"] == {"database": times}
    assert (found["lost"], found["repeated"]) == (0, 0), found
    assert found["states"] == {"sent": messages}
    assert max(found["first_send_after_database_s"]) <= 3, found


def test_the_outbox_drains_without_redis() -> None:
    messages, times = of_storms((250, 2), (3000, 10))

    found = storm("redis", DEDUPLICATES, messages=messages, times=times)

    assert sum(found["hits"].values()) == times
    assert (found["lost"], found["repeated"]) == (0, 0), found
    assert found["states"] == {"sent": messages}
