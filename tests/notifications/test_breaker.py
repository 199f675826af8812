"""When a gateway is left alone and for how long, and whose turn it is: plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from notifications.rules.service import Breaker, rest, turns

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("seen", "opens"),
    [
        ("", False),
        ("-------", False),
        ("--------", True),
        ("-------+-------", False),
        ("+-" * 9, False),
        ("+-" * 10, True),
        ("++-" * 20, False),
        ("r" * 24, False),
        ("r" * 25, True),
        ("r" * 24 + "+" + "r" * 24, False),
    ],
)
def test_what_opens_it(seen: str, opens: bool) -> None:
    breaker = Breaker()

    for sign in seen:
        {
            "+": breaker.note_success,
            "-": breaker.note_failure,
            "r": breaker.note_refusal,
        }[sign]()

    assert breaker.should_open == opens


@pytest.mark.parametrize(
    ("failures", "seconds"), [(8, 5), (9, 10), (10, 20), (13, 160), (14, 300), (5000, 300)]
)
def test_each_probe_that_fails_doubles_the_rest(failures: int, seconds: int) -> None:
    assert rest(failures) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("free_in", "wanted", "rate", "given"),
    [
        (None, 3, 2, [0, 0.5, 1]),
        (None, 9, 2, [0, 0.5, 1]),
        (-60, 2, 2, [0, 0.5]),
        (0.75, 9, 2, [0.75]),
        (1, 9, 2, [1]),
        (1.1, 9, 2, []),
        (None, 0, 2, []),
    ],
)
def test_turns(free_in: float | None, wanted: int, rate: float, given: list[float]) -> None:
    free_at = None if free_in is None else NOW + free_in * SECOND

    found = turns(free_at, now=NOW, wanted=wanted, rate=rate, horizon=SECOND)

    assert [(turn - NOW).total_seconds() for turn in found] == given


def test_a_turn_of_another_clock_is_forgotten() -> None:
    """The clock jumped back by an hour: nobody waits for an hour (F8)."""
    found = turns(NOW + timedelta(hours=1), now=NOW, wanted=1, rate=2, horizon=SECOND)

    assert found == [NOW]
