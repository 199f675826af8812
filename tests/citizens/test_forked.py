"""Forked processes help with a stream of work, and are gone when it ends, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from citizens.registers.forked import ChildEndedError, in_order
from portal.processes import is_alive

PROJECT = Path(__file__).resolve().parents[2]
OURS = os.getpid()


def told(item: Any) -> bytes:
    return f"{item} {hash(item)}".encode()


def who(_item: Any) -> bytes:
    return str(os.getpid()).encode()


def what_is_open(_item: Any) -> bytes:
    names = [entry.name for entry in Path("/proc/self/fd").iterdir()]
    return " ".join(sorted(names, key=int)).encode()


def fails_at_seven(item: int) -> bytes:
    if item == 7:
        raise LookupError(f"in process {os.getpid()}")
    return told(item)


def dies_at_seven(item: int) -> bytes:
    if item == 7 and os.getpid() != OURS:
        os.kill(os.getpid(), signal.SIGKILL)
    return told(item)


def are_gone(pids: set[int]) -> bool:
    until = time.monotonic() + 20
    while any(map(is_alive, pids)) and time.monotonic() < until:
        time.sleep(0.01)
    return not any(map(is_alive, pids))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 50])
@pytest.mark.parametrize("alone", [0, 3, 100])
def test_results_are_those_of_one_process_in_the_same_order(count: int, alone: int) -> None:
    items = [("Trần Thị Lan", number, None, ("2026", 1.5)) for number in range(count)]

    assert list(in_order(told, items, alone=alone)) == list(map(told, items))


def test_the_first_items_stay_here_and_two_children_share_the_others() -> None:
    pids = [int(pid) for pid in in_order(who, range(9), alone=3)]

    assert pids[:3] == [os.getpid()] * 3
    assert os.getpid() not in pids[3:]
    assert len(set(pids[3:])) == 2
    assert are_gone(set(pids[3:]))


def test_big_items_and_results_do_not_wait_for_each_other() -> None:
    items = ["ă" * (3 << 20)] * 5

    assert list(in_order(str.encode, items, alone=0)) == list(map(str.encode, items))


def test_a_child_keeps_nothing_open_but_its_pipe() -> None:
    with (PROJECT / "manage.py").open():
        opened = list(in_order(what_is_open, range(4), alone=0))

    # Besides the three of every process: the pipe, and the folder that is being looked at.
    assert all(len(one.split()) == 5 for one in opened)


def test_what_goes_wrong_in_a_child_is_raised_here_in_its_turn() -> None:
    results: list[bytes] = []

    with pytest.raises(LookupError, match=str(OURS)) as failure:
        results.extend(in_order(fails_at_seven, range(20), alone=2))

    assert failure.traceback[-1].name == "fails_at_seven"


def test_results_before_a_failure_were_given() -> None:
    given = in_order(fails_at_seven, range(20), alone=2)

    assert [next(given) for _ in range(7)] == list(map(told, range(7)))
    with pytest.raises(LookupError):
        next(given)


def test_what_goes_wrong_with_the_items_ends_the_children() -> None:
    pids: set[int] = set()

    def broken() -> Iterator[int]:
        yield from range(5)
        raise ValueError("the file is damaged")

    with pytest.raises(ValueError, match="damaged"):
        pids.update(int(pid) for pid in in_order(who, broken(), alone=0))

    assert are_gone(pids)


def test_a_child_that_is_killed_is_no_end_of_the_work() -> None:
    with pytest.raises(ChildEndedError, match="ended"):
        list(in_order(dies_at_seven, range(20), alone=2))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1])
def test_a_signal_to_the_group_leaves_it_to_the_parent(number: signal.Signals) -> None:
    def struck(item: int) -> bytes:
        os.kill(os.getpid(), number)
        return told(item)

    assert list(in_order(struck, range(4), alone=0)) == list(map(told, range(4)))


def test_children_end_with_an_iterator_that_is_not_exhausted() -> None:
    with closing(in_order(who, iter(int, 1), alone=0)) as given:
        pids = {int(next(given)), int(next(given))}
        assert all(map(is_alive, pids))

    assert are_gone(pids)


ENDLESS = """
import os, time
from citizens.registers.forked import in_order
def who(item):
    return str(os.getpid()).encode()
given = in_order(who, iter(int, 1), alone=0)
print(int(next(given)), int(next(given)), flush=True)
for one in given:
    pass
"""


@pytest.mark.fault
@pytest.mark.parametrize("end", [subprocess.Popen.kill, subprocess.Popen.terminate])
def test_children_end_with_a_parent_that_is_killed(
    end: Callable[[subprocess.Popen[str]], None],
) -> None:
    parent = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", ENDLESS], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pids = {int(pid) for pid in parent.stdout.readline().split()}
    assert len(pids) == 2

    end(parent)
    parent.communicate()

    assert are_gone(pids)
