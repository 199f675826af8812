"""How many officers of each unit or office took a step of a dossier in a period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

import yaml
from django.db.models import Count, Exists, OuterRef, Q

from citizens.enums import Role
from citizens.models import Grant, Official
from dossiers.models import DossierEvent
from portal.common import clock
from portal.reporting.reports.enums import Span
from portal.reporting.selectors.settled import Months

_FILE = Path(__file__).parents[1] / "data/activity.yaml"
_KEYS = {Span.WEEK: "agency__unit", Span.MONTH: "agency"}
_CASEWORK = frozenset({Role.RECEPTIONIST, Role.CASE_OFFICER, Role.HEAD_OF_UNIT})


@dataclass(frozen=True, slots=True)
class Activity:
    """Officers who took a step in the period, of those who could have on its last day."""

    active: int = 0
    officers: int = 0


@lru_cache(maxsize=1)
def meanings() -> Mapping[str, Mapping[str, str]]:
    """Return what the figures of officials at work mean, by id."""
    return {one["id"]: one for one in yaml.safe_load(_FILE.read_text(encoding="utf-8"))}


def activity(*, span: Span, period: Months) -> dict[int, Activity]:
    """Return the activity of each unit (of a week) or office (of a month), by key (one query)."""
    grants = Grant.objects.standing(period.last).filter(official=OuterRef("pk"), role__in=_CASEWORK)
    steps = DossierEvent.objects.filter(
        official=OuterRef("pk"),
        happened_at__gte=_midnight(period.first),
        happened_at__lt=_midnight(period.last + timedelta(days=1)),
    )
    rows = Official.objects.filter(Exists(grants)).annotate(acted=Exists(steps)).order_by()
    counts = rows.values_list(_KEYS[span]).annotate(
        active=Count("pk", filter=Q(acted=True)), officers=Count("pk")
    )
    return {key: Activity(active, officers) for key, active, officers in counts}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.CIVIL_ZONE)
