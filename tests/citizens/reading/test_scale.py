"""A register of any size is read in a stream."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest

from citizens.registers.reading import open_extract
from tests.citizens.reading.samples import people_csv

ROWS, CPU_SECONDS, MOST_BYTES = 100_000, 3.0, 8 << 20


def big(path: Path) -> Path:
    head, *people = people_csv().splitlines(keepends=True)
    path.write_text(head + "".join(people) * (ROWS // len(people)), encoding="utf-8", newline="")
    return path


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = big(tmp_path / "a.csv")

    tracemalloc.start()
    with open_extract(path) as extract:
        count = sum(1 for _ in extract)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == ROWS
    assert peak < MOST_BYTES


@pytest.mark.slow
def test_a_hundred_thousand_rows_take_few_seconds(tmp_path: Path) -> None:
    path = big(tmp_path / "a.csv")

    began = time.process_time()
    with open_extract(path) as extract:
        count = sum(1 for line in extract if line.cells)

    assert count == ROWS
    assert time.process_time() - began < CPU_SECONDS
