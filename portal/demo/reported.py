"""Counts as another system might print them: made up, and saying so, for the trial's map."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from portal.reporting.quality.official import OFFICIAL_FILE, load_official_scores
from portal.reporting.selectors.units import units_counted
from portal.reporting.services.load_reported import COLUMNS, load_reported

_SOURCE = "Số liệu giả lập của bản dùng thử"
_MONTHS = 23


def report_months(on: date) -> int:
    """Report the months before the civil date `on`, a line a unit and month; return how many."""
    return load_reported(_lines(on), source=_SOURCE).taken


def publish_scores() -> int:
    """Take in the official scores that the press has told of; return how many."""
    with OFFICIAL_FILE.open(encoding="utf-8", newline="") as lines:
        return load_official_scores(lines, source="Theo báo chí, chưa kiểm chứng").taken


def _lines(on: date) -> Iterator[str]:
    chance = random.Random(766)  # noqa: S311 - made-up counts, the same in each trial
    yield ",".join(COLUMNS)
    units = [(one.code, chance.uniform(0.82, 0.995)) for one in units_counted(day=on)]
    last = on.replace(day=1) - timedelta(days=1)
    for _ in range(_MONTHS):
        first = last.replace(day=1)
        for code, skill in units:
            settled = chance.randint(60, 420)
            late = sum(chance.random() > skill for _ in range(settled))
            overdue = chance.randint(0, max(1, late // 3))
            early = round((settled - late) * chance.uniform(0.5, 0.8))
            counts = (early, settled - late - early, late, overdue)
            yield ",".join([code, str(first), str(last), "", *map(str, counts), ""])
        last = first - timedelta(days=1)
