"""How many facts fall due, counted by place and week: known dates, nothing estimated."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, DateField, F, QuerySet
from django.db.models.functions import Cast, TruncWeek

from procedures.detection.facts import ScannedRule
from procedures.detection.holding import holding
from procedures.detection.windows import DueWindow
from procedures.enums import TriggerKind
from procedures.models import RuleVersion

# Of an event nobody knows the day before it happens.
KNOWN_AHEAD = (TriggerKind.CREDENTIAL_EXPIRY, TriggerKind.AGE_MILESTONE, TriggerKind.CALENDAR)


Rows = QuerySet[Any, Any]


def due_by_week(*, version: RuleVersion, first: date, last: date, day: date) -> Rows:
    """Return rows of (place, week, found): so many facts fall due on dates from `first` to `last`.

    One statement when read. `place` is the key of the party's unit, `week` the Monday with which
    the ISO week of the due date begins. As the scan of the civil date `day` would see them: the
    party lives here, no dossier of the procedure is open for it, the rule's conditions are met or
    likely. Whether somebody can be told is not asked. For rules of `KNOWN_AHEAD`; of a campaign
    the first one after `first` is counted, once for each party.
    """
    rule = ScannedRule.of(version)
    facts = holding(rule, DueWindow(first, last), day)
    week = TruncWeek(Cast("due_on", DateField()), output_field=DateField())
    # Two papers of one holder are one fact of a campaign; elsewhere facts never repeat.
    is_campaign = rule.definition.kind == TriggerKind.CALENDAR
    rows: Rows = (
        facts.annotate(place=F(f"{rule.path.holder}unit_id"), week=week)
        .order_by()
        .values("place", "week")
        .annotate(found=Count("anchor", distinct=is_campaign))
        .values_list("place", "week", "found")
    )
    return rows
