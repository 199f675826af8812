"""Count what is due and what has happened, by unit and week; running it again counts the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import (
    BigIntegerField,
    Count,
    DateField,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, TruncWeek

from citizens.models import EventParty, LifeEvent, UnitSuccession
from dossiers.models import Dossier
from portal.common import clock
from portal.common.sql import Statement, insert_select
from portal.reporting.enums import OTHER, CountKind
from portal.reporting.forecast.weeks import WEEK, YEAR, monday
from portal.reporting.models import WeekCount
from portal.reporting.selectors.series import EVENTS, DatedRule, dated_rules
from procedures.answers.due import due_by_week
from procedures.enums import TriggerKind

Progress = Callable[[str], None]
Rows = QuerySet[Any, Any]
# People file before they are due: to foretell the last weeks of a year, dates beyond it are needed.
_AHEAD = YEAR + 26
# A register tells of events late; so many past weeks are counted again each time.
_AGAIN = 4
_COLUMNS = ("unit", "week", "count", "most", "kind", "key", "counted_on")
_COUNTED_BEFORE = """
ON CONFLICT (kind, key, week, unit_id) DO UPDATE SET count = EXCLUDED.count,
  most = greatest(reporting_weekcount.most, EXCLUDED.most), counted_on = EXCLUDED.counted_on
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows written: of what is due, and of what has happened."""

    due: int
    past: int


def count_weeks(*, day: date, progress: Progress | None = None) -> Counted:
    """Count the weeks ahead of the civil date `day` and the full weeks before it.

    Of what is due, everything from the week of `day` on is replaced and earlier weeks stay as they
    were. What has happened is counted from its beginning the first time, later its last weeks. One
    transaction a series, so a run that is broken off has done the series before.
    """
    say = progress or (lambda _text: None)
    due = past = 0
    rules = dated_rules(day=day)
    for rule in rules:
        say(rule.key)
        due += _count_due(rule, day)
    ended = WeekCount.objects.filter(kind=CountKind.DUE, week__gte=monday(day))
    ended.exclude(key__in=[rule.key for rule in rules]).delete()
    for event in EVENTS:
        say(event)
        past += _replace(CountKind.EVENT, event, _events(event), day)
    for key, rows in [(rule.key, _filed_by(rule)) for rule in rules] + [(OTHER, _others(rules))]:
        say(key)
        past += _replace(CountKind.FILED, key, rows, day)
    return Counted(due, past)


def _count_due(rule: DatedRule, day: date) -> int:
    first = monday(day)
    is_campaign = rule.definition.kind == TriggerKind.CALENDAR
    weeks = YEAR if is_campaign else _AHEAD
    last = first + weeks * WEEK - timedelta(days=1)
    rows = due_by_week(version=rule.version, first=first, last=last, day=day)
    with _taking_its_time():
        standing = WeekCount.objects.filter(kind=CountKind.DUE, key=rule.key, week__gte=first)
        standing.update(count=0, counted_on=day)
        return _insert(CountKind.DUE, rule.key, rows, day)


def _replace(kind: CountKind, key: str, rows: Rows, day: date) -> int:
    """Count a series of the past from the first week that may have changed."""
    known = WeekCount.objects.filter(kind=kind, key=key, week__lt=monday(day))
    rows = rows.filter(week__lt=monday(day))
    if known.exists():
        since = monday(day) - _AGAIN * WEEK
        known, rows = known.filter(week__gte=since), rows.filter(week__gte=since)
    counted = rows.order_by().values("place", "week").annotate(found=Count("*"))
    with _taking_its_time():
        known.delete()
        return _insert(kind, key, counted.values_list("place", "week", "found"), day)


@contextmanager
def _taking_its_time() -> Iterator[None]:
    """Open a transaction beyond a connection's ordinary limit, which is that of a page."""
    with transaction.atomic():
        Statement("SELECT set_config('statement_timeout', '10min', true)").fetch()
        yield


def _insert(kind: CountKind, key: str, rows: Rows, day: date) -> int:
    told = rows.annotate(of_kind=Value(kind), of_key=Value(key), on_day=Value(day))
    told = told.annotate(of_most=F("found"))
    told = told.values_list("place", "week", "found", "of_most", "of_kind", "of_key", "on_day")
    inserted = insert_select(into=WeekCount, columns=_COLUMNS, rows=told)
    return Statement(f"{inserted.sql} {_COUNTED_BEFORE}", inserted.params).execute()


def _events(kind: str) -> Rows:
    """Return events with the unit of today in which they occurred, else that of who took part."""
    party = EventParty.objects.filter(event=OuterRef("pk")).order_by("pk")
    home = party.values("party__citizen__unit")[:1]
    rows = LifeEvent.objects.filter(kind=kind).annotate(
        where=Coalesce(F("unit"), Subquery(home), output_field=BigIntegerField()),
        week=TruncWeek("occurred_on", output_field=DateField()),
    )
    return _in_today(rows.filter(where__isnull=False))


def _filed_by(rule: DatedRule) -> Rows:
    rows = Dossier.objects.filter(suggestion__rule=rule.version.rule_id)
    return _in_today(_by_week(rows.annotate(where=F("unit"))))


def _others(rules: Sequence[DatedRule]) -> Rows:
    """Return dossiers of no rule with known dates, by the unit of the office that decides them."""
    dated = [rule.version.rule_id for rule in rules]
    rows = Dossier.objects.exclude(suggestion__rule__in=dated)
    return _in_today(_by_week(rows.annotate(where=F("competent__unit"))))


def _by_week(rows: Rows) -> Rows:
    week = TruncWeek("submitted_at", tzinfo=clock.CIVIL_ZONE, output_field=DateField())
    dated: Rows = rows.annotate(week=week)
    return dated


def _in_today(rows: Rows) -> Rows:
    """Put what happened in a unit that was merged down to its successor; of a split to the first.

    So that a history does not begin anew with each change of the units.
    """
    heirs = UnitSuccession.objects.filter(old=OuterRef("where")).order_by("-whole", "pk")
    heir = Subquery(heirs.values("new")[:1])
    placed: Rows = rows.annotate(place=Coalesce(heir, F("where"), output_field=BigIntegerField()))
    return placed
