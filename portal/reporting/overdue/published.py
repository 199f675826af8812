"""The public list of dossiers beyond their last day, in which nobody can be recognised.

A row says unit, field and cause. Procedure, step and the exact number of days are told only where
enough people filed the same thing at the same place within a year: a rare procedure in a small
commune, or a day counted back from today, would be a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import Count, F, Q, QuerySet

from citizens.selectors import working_calendar
from dossiers.enums import DelayKind, Status
from dossiers.models import DelayCause, Stage
from portal.common.calendar import WorkingCalendar
from portal.reporting.models import CountedDossier

# So many must have filed a procedure in a unit within a year before a row may name it.
FEWEST = 5
_YEAR = timedelta(days=365)
_BANDS = ((0, 5), (6, 10), (11, 20), (21, None))

Pair = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Published:
    """One dossier as everybody may read it.

    `days` are working days beyond the last one, from and until, both the same where the number
    itself is told; until None is open. `name_vi` is "" where the procedure is not named. No cause:
    the office has not stated one.
    """

    unit: str
    unit_name: str
    field: str
    name_vi: str
    name_en: str
    days: tuple[int, int | None]
    cause: DelayKind | None
    status: Status
    stage: str

    @property
    def order(self) -> tuple[object, ...]:
        """The place in the list, by nothing but what is told: most days first."""
        told = (self.unit, self.field, self.name_vi, self.status, self.stage, self.cause or "")
        return (-self.days[0], -(self.days[1] or 0), *told)


def overdue_rows(*, today: date, unit: str = "", field: str = "") -> QuerySet[CountedDossier]:
    """Return the unfinished whose last day lies before `today`, of a unit (by code) and a field.

    Those whose clock has waited for somebody else since before that day are not late.
    """
    late = Q(due_on__lt=today) & (Q(held_on=None) | Q(due_on__lt=F("held_on")))
    rows = CountedDossier.objects.filter(late, finished_on=None)
    rows = rows.filter(unit__code=unit) if unit else rows
    return rows.filter(field=field) if field else rows


def published(*, today: date, unit: str = "", field: str = "") -> list[Published]:
    """Return the list as it stands today; what is settled is gone with the next read of news."""
    rows = overdue_rows(today=today, unit=unit, field=field)
    causes, stages = _causes(rows), _stages(rows)
    late = DaysLate(today)
    read = list(
        rows.values_list(
            "pk",
            "unit_id",
            "procedure",
            "due_on",
            "held_on",
            "unit__code",
            "unit__name_vi",
            "field",
            "dossier__procedure_version__name_vi",
            "dossier__procedure_version__name_en",
            "dossier__status",
        )
    )
    often = _filed_often({(row[1], row[2]) for row in read}, today)
    found = []
    for key, place, procedure, due_on, held_on, code, name, of_field, vi, en, status in read:
        days = late(due_on or today, held_on)
        is_told = (place, procedure) in often
        found.append(
            Published(
                unit=code,
                unit_name=name,
                field=of_field,
                name_vi=vi if is_told else "",
                name_en=(en or vi) if is_told else "",
                days=(days, days) if is_told else _band(days),
                cause=causes.get(key),
                status=Status(status),
                stage=stages.get(key, "") if is_told else "",
            )
        )
    return sorted(found, key=lambda one: one.order)


class DaysLate:
    """How many working days a dossier is beyond its last one today, or was when its clock stopped.

    Each pair of days is counted once: thousands of dossiers share a few hundred of them.
    """

    def __init__(self, today: date) -> None:
        self._today = today
        self._calendar: WorkingCalendar = working_calendar()
        self._known: dict[tuple[date, date], int] = {}

    def __call__(self, due_on: date, held_on: date | None) -> int:
        """Return the working days after `due_on` until today or the day the clock stopped."""
        days = (due_on, held_on or self._today)
        if days not in self._known:
            self._known[days] = self._calendar.working_days_between(*days)
        return self._known[days]


def _filed_often(pairs: Iterable[Pair], today: date) -> set[Pair]:
    """Return the pairs of unit and procedure that enough dossiers of the last year share."""
    wanted = set(pairs)
    if not wanted:
        return set()
    rows = CountedDossier.objects.filter(
        unit__in={unit for unit, _procedure in wanted},
        procedure__in={procedure for _unit, procedure in wanted},
        filed_on__gt=today - _YEAR,
    )
    counts = rows.order_by().values_list("unit_id", "procedure").annotate(number=Count("pk"))
    return {(unit, code) for unit, code, _n in counts.filter(number__gte=FEWEST)} & wanted


def _causes(rows: QuerySet[CountedDossier]) -> Mapping[int, DelayKind]:
    """Return the cause to which most days were given when somebody last stated any."""
    stated = DelayCause.objects.filter(dossier__counted_as__in=rows, days__gt=0)
    ordered = stated.order_by("dossier", "happened_at", "days", "-pk")
    return {key: DelayKind(kind) for key, kind in ordered.values_list("dossier_id", "kind")}


def _stages(rows: QuerySet[CountedDossier]) -> Mapping[int, str]:
    """Return the step inside the office in which each one is, where its procedure has steps."""
    now = Stage.objects.filter(
        dossier__counted_as__in=rows, entered_at__isnull=False, left_at__isnull=True
    )
    return dict(now.order_by().values_list("dossier_id", "name_vi"))


@lru_cache(maxsize=512)
def _band(days: int) -> tuple[int, int | None]:
    return next((low, high) for low, high in _BANDS if high is None or days <= high)
