"""SQL terms that every statement of the scan shares: stages, days and birthdays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, DateField, Expression, F, Func, Q, SmallIntegerField, Value, When
from django.db.models.expressions import ExpressionWrapper


class Years(Func):
    """`date + years` as a date: 29 February becomes 28 February in years that have no 29th."""

    template = "(%(expressions)s))::date"
    arg_joiner = " + make_interval(years => "
    output_field = DateField()


def days_before(due_on: str, days: int) -> Expression:
    """Return the civil date `days` before the one that `due_on` names."""
    return ExpressionWrapper(F(due_on) - Value(days), output_field=DateField())


def reached_stage(due_on: str, leads: Sequence[int], day: date) -> Case:
    """Return the most urgent lead stage reached on `day`, NULL before the first.

    The same answer as `procedures.rules.stage_due`, as an expression.
    """
    whens = [_when_within(due_on, day, lead, Value(lead)) for lead in sorted(leads)]
    return Case(*whens, default=Value(None), output_field=SmallIntegerField())


def stage_after_reached(due_on: str, leads: Sequence[int], day: date) -> Case:
    """Return the day of the first stage that is still to come on `day`, NULL after the last."""
    ordered = sorted(leads)
    whens = [
        _when_within(due_on, day, lead, _day_of(due_on, lower)) for lower, lead in _steps(ordered)
    ]
    return Case(*whens, default=days_before(due_on, ordered[-1]), output_field=DateField())


def stage_after_told(due_on: str, leads: Sequence[int], told: str) -> Case:
    """Return the day of the stage that follows the one in column `told`, NULL after the last.

    `told` may hold a stage that a later version of the rule does not know. The day may lie in the
    past: then that stage, or a more urgent one, is to be told now.
    """
    whens = [When(Q(**{f"{told}__isnull": True}), then=days_before(due_on, max(leads)))]
    whens += [
        When(Q(**{f"{told}__gt": lead}), then=days_before(due_on, lead))
        for lead in sorted(leads, reverse=True)
    ]
    return Case(*whens, default=Value(None), output_field=DateField())


def _steps(ordered: Sequence[int]) -> list[tuple[int | None, int]]:
    """Return each stage with the more urgent one before it: (None, 1), (1, 7), (7, 30) …"""
    return list(zip([None, *ordered], ordered, strict=False))


def _day_of(due_on: str, lead: int | None) -> Expression:
    return Value(None, output_field=DateField()) if lead is None else days_before(due_on, lead)


def _when_within(due_on: str, day: date, lead: int, then: Expression | Any) -> When:
    return When(Q(**{f"{due_on}__lte": day + timedelta(days=lead)}), then=then)
