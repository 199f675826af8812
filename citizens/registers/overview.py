"""How each register stands: how old, how much, how complete, how clean, what is in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max

from citizens.enums import BatchState
from citizens.models import Batch, Discrepancy, Register
from citizens.registers.declared import formats_of
from citizens.registers.figures import Figures, all_figures


@dataclass(frozen=True)
class Overview:
    """A register on the civil date `day`; `last` is the delivery that ended last, if any did."""

    register: Register
    day: date
    tables: tuple[Figures, ...]
    newest_on: date | None
    last: Batch | None
    open_cases: int

    @property
    def age_days(self) -> int | None:
        """How many days ago the register spoke last."""
        return (self.day - self.newest_on).days if self.newest_on else None

    @property
    def is_fresh(self) -> bool:
        """Whether its newest delivery is young enough for its facts to be relied on."""
        return self.age_days is not None and self.age_days <= self.register.max_age_days

    @property
    def held(self) -> int | None:
        """How many facts are held; None where a table was not counted in time."""
        counts = [table.held for table in self.tables if table.held is not None]
        return sum(counts) if len(counts) == len(self.tables) else None

    @property
    def percent(self) -> float | None:
        """The mean completeness of its tables that hold something."""
        found = [table.percent for table in self.tables if table.percent is not None]
        return sum(found) / len(found) if found else None

    @property
    def rejected_percent(self) -> float | None:
        """The share of rows of the last delivery that were not taken."""
        if self.last is None or not self.last.row_count:
            return None
        return 100 * self.last.rejected_count / self.last.row_count


def register_overviews(*, day: date, codes: Sequence[str] | None = None) -> list[Overview]:
    """Return how registers stand on `day`: all of them, or those with `codes`."""
    registers = Register.objects.select_related("steward_kind").order_by("code")
    if codes is not None:
        registers = registers.filter(code__in=codes)
    figures = all_figures(day=day)
    done = Batch.objects.filter(state=BatchState.DONE)
    newest = dict(done.order_by().values_list("register").annotate(on=Max("as_of")))
    last = {
        one.register_id: one
        for one in done.order_by("register_id", "-pk").distinct("register_id").defer("header")
    }
    doubted = dict(
        Discrepancy.objects.open().order_by().values_list("register").annotate(n=Count("pk"))
    )
    return [
        Overview(
            register=one,
            day=day,
            tables=tuple(figures[table.key] for table in formats_of(one.code)),
            newest_on=newest.get(one.code),
            last=last.get(one.code),
            open_cases=doubted.get(one.code, 0),
        )
        for one in registers
    ]
