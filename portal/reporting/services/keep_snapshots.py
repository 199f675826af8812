"""Keep what is expected today: pages show it, and later it is compared with what happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from citizens.models import Unit
from portal.reporting.enums import OTHER
from portal.reporting.models import ForecastSnapshot
from portal.reporting.selectors.forecasts import Foretold, foretell, model_in_use

_DIGITS = 3
# Long enough to be held against two whole years; a year of a province is some 300,000 rows.
_KEPT_FOR = timedelta(days=2 * 366)


def keep_snapshots(*, day: date) -> int:
    """Write the expectations of `day` for every series, unit and the units above; return how many.

    What was kept on the same day is replaced, what is older than two years goes. While
    the model is switched off nothing is kept.
    """
    if model_in_use().is_off:
        return 0
    above = _above(day)
    rows = [row for one in foretell(day=day) for row in _rows(one, above, day)]
    with transaction.atomic():
        ForecastSnapshot.objects.filter(Q(made_on=day) | Q(made_on__lt=day - _KEPT_FOR)).delete()
        ForecastSnapshot.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _above(day: date) -> Mapping[int, list[int]]:
    """Return the units by the unit above them."""
    below: dict[int, list[int]] = defaultdict(list)
    parents = Unit.objects.valid_on(day).filter(parent__isnull=False)
    for unit, parent in parents.values_list("pk", "parent_id"):
        below[parent].append(unit)
    return below


def _rows(one: Foretold, above: Mapping[int, list[int]], day: date) -> Iterator[ForecastSnapshot]:
    expectation = one.expectation
    if expectation is None:
        return
    for unit in expectation.means:
        yield _row(one, unit, [unit], day)
    # What no rule suggested is counted where it is decided: the province has its own.
    if one.series.key != OTHER:
        for unit, parts in above.items():
            yield _row(one, unit, parts, day)


def _row(one: Foretold, unit: int, parts: Sequence[int], day: date) -> ForecastSnapshot:
    expectation = one.expectation
    assert expectation is not None  # noqa: S101  asked by the caller
    intervals = expectation.intervals(parts)
    return ForecastSnapshot(
        made_on=day,
        kind=one.series.kind,
        key=one.series.key,
        unit_id=unit,
        first_week=expectation.first,
        basis=expectation.basis,
        expected=[round(mean, _DIGITS) for mean in expectation.total(parts)],
        low=[low for low, _high in intervals],
        high=[high for _low, high in intervals],
    )
