"""What a benchmark reports, and the registry by which `benchmarks.run` finds the suites."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

Bound = Literal["at least", "at most"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure; `target` is what `bound` asks of it (docs/performance.md), if anything."""

    name: str
    value: float
    unit: str
    target: float | None = None
    bound: Bound = "at least"
    note: str = ""

    @property
    def verdict(self) -> str:
        """`ok`, `short`, or nothing where there is no target."""
        if self.target is None:
            return ""
        reached = (
            self.value >= self.target if self.bound == "at least" else self.value <= self.target
        )
        return "ok" if reached else "short"


@dataclass(slots=True)
class Report:
    """Collects figures and says what is going on."""

    say: Callable[[str], None]
    measures: list[Measure] = field(default_factory=list)

    def add(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        at_least: float | None = None,
        at_most: float | None = None,
        note: str = "",
    ) -> None:
        """Keep a figure; with a target it is marked ok or short."""
        target = at_least if at_least is not None else at_most
        bound: Bound = "at least" if at_most is None else "at most"
        self.measures.append(Measure(name, value, unit, target, bound, note))

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Tell that a step begins and how long it took."""
        started = time.perf_counter()
        yield
        self.say(f"{text}: {time.perf_counter() - started:.1f} s")


@dataclass(frozen=True, slots=True)
class Suite:
    """A group of measurements; `is_long` ones run with `--all` only."""

    name: str
    run: Callable[[Report, int], None]
    is_long: bool


SUITES: list[Suite] = []


def suite(
    name: str, *, is_long: bool = False
) -> Callable[[Callable[[Report, int], None]], Callable[[Report, int], None]]:
    """Register a function of (report, citizens in the database) as a suite."""

    def register(run: Callable[[Report, int], None]) -> Callable[[Report, int], None]:
        SUITES.append(Suite(name, run, is_long))
        return run

    return register


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
