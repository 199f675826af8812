"""Reads about training: who needs which course, and which share of a unit is trained.

An official is trained who attended every open course for the roles held today; who needs none is
not counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from citizens.models import Attendance, Course, Grant, Official, Unit, User
from citizens.selectors.officials import roles_of


@dataclass(frozen=True)
class Share:
    """Of the `needed` officials of a unit's offices who need a course, how many are trained."""

    unit: Unit
    trained: int
    needed: int

    @property
    def percent(self) -> float:
        """The share in percent, one decimal."""
        return round(100 * self.trained / self.needed, 1)


def open_courses(*, day: date) -> QuerySet[Course]:
    """Return the courses that are taught on `day`."""
    return Course.objects.filter(Q(closed_on=None) | Q(closed_on__gt=day))


def courses_of(*, roles: Collection[str], day: date) -> QuerySet[Course]:
    """Return the open courses for whoever holds one of `roles`."""
    return open_courses(day=day).filter(roles__overlap=sorted(roles))


def units_held(*, user: User, roles: Collection[str], day: date) -> QuerySet[Unit]:
    """Return the units over which an official holds one of `roles`, with all below them."""
    if user.is_superuser:
        return Unit.objects.all()
    tops = [held.unit_id for held in roles_of(user=user, day=day) if held.role in roles]
    return Unit.objects.filter(Q(pk__in=tops) | Q(parent__in=tops) | Q(parent__parent__in=tops))


def officials_in_need(*, course: Course, units: QuerySet[Unit], day: date) -> QuerySet[Official]:
    """Return who in the offices of `units` holds a role that the course is for, by name."""
    held = Grant.objects.standing(day).filter(role__in=course.roles)
    here = Official.objects.filter(agency__unit__in=units.values("pk"), user__is_active=True)
    mine = here.filter(pk__in=held.values("official"))
    return mine.select_related("user", "agency").order_by("user__display_name", "pk")


def shares_trained(*, units: QuerySet[Unit], day: date) -> list[Share]:
    """Return each unit in which somebody needs a course, the least trained first; four queries."""
    for_role: dict[str, set[int]] = defaultdict(set)
    for course, roles in open_courses(day=day).values_list("pk", "roles"):
        for role in roles:
            for_role[role].add(course)
    held = Grant.objects.standing(day).filter(
        official__user__is_active=True, official__agency__unit__in=units.values("pk")
    )
    needs: dict[tuple[int, int], set[int]] = defaultdict(set)
    for unit, official, role in held.values_list(
        "official__agency__unit", "official", "role"
    ).order_by():
        needs[unit, official] |= for_role[role]
    done: dict[int, set[int]] = defaultdict(set)
    for official, course in Attendance.objects.values_list("official", "course").order_by():
        done[official].add(course)
    return _counted(needs, done)


def _counted(needs: dict[tuple[int, int], set[int]], done: dict[int, set[int]]) -> list[Share]:
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for (unit, official), wanted in needs.items():
        if wanted:
            counts[unit][0] += wanted <= done[official]
            counts[unit][1] += 1
    named = Unit.objects.in_bulk(list(counts))
    shares = [Share(named[unit], *found) for unit, found in counts.items()]
    return sorted(shares, key=lambda one: (one.percent, one.unit.name_vi, one.unit.pk))
