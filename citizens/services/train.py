"""Courses are added and closed by administrators; who attended is noted by the head of the unit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import Role
from citizens.models import Attendance, Course, Official, User
from citizens.models.training import LONGEST_MATERIAL
from citizens.selectors.batches import over_the_province
from citizens.selectors.training import officials_in_need, units_held
from portal.common.errors import RefusedError

MAY_ADD = frozenset({Role.ADMINISTRATOR})
MAY_NOTE = frozenset({Role.HEAD_OF_UNIT, Role.ADMINISTRATOR})


def may_add_courses(*, user: User, day: date) -> bool:
    """Return whether an official adds and closes courses: they are the whole province's."""
    return user.is_superuser or over_the_province(user, day, MAY_ADD)


@transaction.atomic
def add_course(
    *, title: str, roles: Collection[str], material: str, user: User, day: date
) -> Course:
    """Add a course; RefusedError for who may not, and for one of nothing or for nobody."""
    _check(user, day)
    wanted = [role for role in Role if role in roles]
    refused = []
    if not title.strip() or not material.strip() or len(material) > LONGEST_MATERIAL:
        refused.append(_("A course needs a title, and text that says what is learnt."))
    if not wanted:
        refused.append(_("Please choose for whom the course is."))
    if refused:
        raise RefusedError(*refused)
    return Course.objects.create(
        title=title.strip()[:200], roles=wanted, material=material.strip(), added_by=user
    )


@transaction.atomic
def close_course(*, course: Course, user: User, day: date) -> None:
    """Let nobody need a course from `day` on; who attended stays written down."""
    _check(user, day)
    Course.objects.filter(pk=course.pk, closed_on=None).update(closed_on=day)


@transaction.atomic
def note_attendance(
    *, course: Course, official: Official, attended_on: date | None, user: User, day: date
) -> None:
    """Write down that an official attended; once is enough.

    RefusedError for who may not note it for that official, for oneself, and for a day to come.
    """
    if official.pk == user.pk:
        raise RefusedError(_("Nobody notes their own attendance."))
    _check_reach(course, official, user, day)
    if attended_on is None or attended_on > day:
        raise RefusedError(_("Please give a day that is not in the future."))
    Attendance.objects.get_or_create(
        course=course,
        official=official,
        defaults={"attended_on": attended_on, "noted_by": user},
    )


@transaction.atomic
def take_back_attendance(*, course: Course, official: Official, user: User, day: date) -> None:
    """Take back what was noted by mistake; RefusedError as for the noting."""
    if official.pk == user.pk:
        raise RefusedError(_("Nobody notes their own attendance."))
    _check_reach(course, official, user, day)
    Attendance.objects.filter(course=course, official=official).delete()


def _check(user: User, day: date) -> None:
    if not may_add_courses(user=user, day=day):
        raise RefusedError(_("Only an administrator of the whole province changes courses."))


def _check_reach(course: Course, official: Official, user: User, day: date) -> None:
    mine = units_held(user=user, roles=MAY_NOTE, day=day)
    if not officials_in_need(course=course, units=mine, day=day).filter(pk=official.pk).exists():
        raise RefusedError(_("This official does not work in your unit, or needs no such course."))
