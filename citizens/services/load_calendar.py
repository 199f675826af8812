"""Load the working calendar: the public package, then our corrections; officials' own rows stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from holidays import country_holidays

from citizens.models import Holiday
from citizens.registers.tables import DATA, civil_day, one_of, read_table, text
from citizens.services.correct_calendar import note_calendar_changes
from citizens.services.loading import Loaded, write_rows
from portal.common import clock

_SATURDAY = 5


def load_calendar(years: Iterable[int], *, folder: Path = DATA) -> Loaded:
    """Write the days of `years` that differ from the plain week; a second run writes nothing.

    Rows that an official set (`is_correction`) are never touched. A row that an earlier load wrote
    and no source states any more goes away. What changed is written down (CalendarChange), but for
    the very first loading. RefusedError when the corrections are malformed.
    """
    years = sorted(set(years))
    wanted = {day["day"]: day for day in _package(years)}
    wanted |= {day["day"]: day for day in _corrections(folder) if day["day"].year in years}
    with transaction.atomic():
        is_first = not Holiday.objects.exists()
        mine = Holiday.objects.filter(day__year__in=years)
        before = dict(mine.values_list("day", "is_working"))
        official = set(mine.filter(is_correction=True).values_list("day", flat=True))
        existing = {row.day: row for row in mine.filter(is_correction=False)}
        stale = [row.pk for row in existing.values() if row.day not in wanted]
        Holiday.objects.filter(pk__in=stale).delete()
        loaded = write_rows(
            Holiday,
            existing=existing,
            wanted={day: values for day, values in wanted.items() if day not in official},
        )
        if not is_first:
            after = dict(mine.all().values_list("day", "is_working"))
            note_calendar_changes(before=before, after=after, now=clock.now())
        return loaded + Loaded(removed=len(stale))


def _package(years: list[int]) -> Iterator[dict[str, Any]]:
    """Yield days off on weekdays, and the Saturdays on which the package says offices work."""
    vietnamese = country_holidays("VN", years=years, language="vi")
    english = country_holidays("VN", years=years, language="en_US")
    for day, name in vietnamese.items():
        if day.weekday() < _SATURDAY:
            yield _day(day, False, name, english[day])
    for day in vietnamese.weekend_workdays:
        if day.year in years:
            yield _day(day, True, "Ngày làm bù", "Make-up working day")


def _corrections(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what the package does not know, with the decision that says so."""
    columns = {
        "day": civil_day,
        "is_working": one_of({"yes": True, "no": False}),
        **dict.fromkeys(("name_vi", "name_en", "decision"), text),
    }
    for row in read_table(folder / "holiday_corrections.csv", columns, unique=("day",)):
        yield dict(row.values)


def _day(day: date, is_working: bool, name_vi: str, name_en: str) -> dict[str, Any]:
    return {
        "day": day,
        "is_working": is_working,
        "name_vi": name_vi[:120],
        "name_en": name_en[:120],
        "decision": "",
    }
