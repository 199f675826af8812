"""Training: my courses, which share of each unit is trained, and who attended what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from citizens.enums import Role
from citizens.models import Attendance, Course, Official, Unit, User
from citizens.models.accounts import ROLES
from citizens.models.training import LONGEST_MATERIAL
from citizens.selectors.training import (
    Share,
    courses_of,
    officials_in_need,
    open_courses,
    shares_trained,
    units_held,
)
from citizens.services.train import (
    MAY_NOTE,
    add_course,
    close_course,
    may_add_courses,
    note_attendance,
    take_back_attendance,
)
from portal.common.errors import RefusedError
from portal.office import first_day
from portal.office.acting import tell_refused
from portal.office.standing import standing_of
from portal.office.table_files import table_file

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
SEES_SHARES = MAY_NOTE | {Role.PROVINCIAL_LEADER}
_HEADINGS = (gettext_lazy("unit"), gettext_lazy("trained"), gettext_lazy("need a course"), "%")


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    one = "training/<uuid:public_id>/"
    return [
        path("training/", guarded(show_all), name="office_training"),
        path("training/first-day/", guarded(first_day.show), name="office_first_day"),
        path("training/file/", guarded(shares_file), name="office_training_file"),
        path("training/add/", guarded(add), name="office_course_add"),
        path(one, guarded(show_course), name="office_course"),
        path(f"{one}note/", guarded(note), name="office_course_note"),
        path(f"{one}close/", guarded(close), name="office_course_close"),
    ]


@require_safe
def show_all(request: HttpRequest) -> HttpResponse:
    """Show my courses, the shares of the units in reach, and all courses that are taught."""
    user, standing = _user(request), standing_of(request)
    mine = courses_of(roles=standing.roles, day=standing.day)
    done = dict(
        Attendance.objects.filter(official=user.pk).values_list("course", "attended_on").order_by()
    )
    context = {
        "title": _("Training"),
        "mine": [(course, done.get(course.pk)) for course in mine],
        "shares": _shares(request),
        "sees_shares": bool(standing.roles & SEES_SHARES),
        "courses": open_courses(day=standing.day) if standing.roles & SEES_SHARES else [],
        "may_add": may_add_courses(user=user, day=standing.day),
        "roles": ROLES,
        "longest": LONGEST_MATERIAL,
        "is_fullwidth": "1",
    }
    return render(request, "office/training.html", admin.site.each_context(request) | context)


@require_safe
def shares_file(request: HttpRequest) -> HttpResponse:
    """Hand out the shares in reach as a file, with numerator and denominator."""
    rows = [(one.unit, one.trained, one.needed, one.percent) for one in _shares(request)]
    return table_file(request, "dao-tao-theo-don-vi", [[str(one) for one in _HEADINGS], *rows])


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Add a course."""
    try:
        made = add_course(
            title=request.POST.get("title", ""),
            roles=request.POST.getlist("role"),
            material=request.POST.get("material", ""),
            user=_user(request),
            day=standing_of(request).day,
        )
    except RefusedError as refused:
        tell_refused(request, refused)
        return redirect("admin:office_training")
    return redirect("admin:office_course", public_id=made.public_id)


@require_safe
def show_course(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what is learnt; to heads also who of their unit attended."""
    course, standing = get_object_or_404(Course, public_id=public_id), standing_of(request)
    needing = officials_in_need(course=course, units=_reach(request), day=standing.day)
    done = {one.official_id: one for one in course.attendances.select_related("noted_by")}
    names = dict(ROLES)
    context = {
        "title": _("Course"),
        "course": course,
        "roles": [names[Role(role)] for role in course.roles],
        "mine": done.get(_user(request).pk),
        "people": [(one, done.get(one.pk)) for one in needing],
        "may_close": course.closed_on is None
        and may_add_courses(user=_user(request), day=standing.day),
        "today": standing.day,
        "is_fullwidth": "1",
    }
    return render(request, "office/course.html", admin.site.each_context(request) | context)


@require_POST
def note(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note that somebody attended, or take that back."""
    course, day = get_object_or_404(Course, public_id=public_id), standing_of(request).day
    key = request.POST.get("official", "")
    mine = officials_in_need(course=course, units=_reach(request), day=day)
    official = mine.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 18 else None
    if official is None:
        raise Http404
    try:
        _noted(request, course, official, day)
    except RefusedError as refused:
        tell_refused(request, refused)
    else:
        messages.success(request, _("Noted."))
    return redirect("admin:office_course", public_id=public_id)


@require_POST
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Close a course: nobody needs it any more."""
    course = get_object_or_404(Course, public_id=public_id)
    try:
        close_course(course=course, user=_user(request), day=standing_of(request).day)
    except RefusedError as refused:
        tell_refused(request, refused)
    return redirect("admin:office_training")


def _noted(request: HttpRequest, course: Course, official: Official, day: date) -> None:
    said: dict[str, Any] = {
        "course": course,
        "official": official,
        "user": _user(request),
        "day": day,
    }
    if request.POST.get("press") == "take_back":
        take_back_attendance(**said)
    else:
        note_attendance(**said, attended_on=_day(request.POST.get("attended_on", "")))


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _reach(request: HttpRequest) -> QuerySet[Unit]:
    """Return the units whose officials whoever asks looks after."""
    return units_held(user=_user(request), roles=MAY_NOTE, day=standing_of(request).day)


def _shares(request: HttpRequest) -> list[Share]:
    standing = standing_of(request)
    if not standing.roles & SEES_SHARES:
        return []
    reach = units_held(user=_user(request), roles=SEES_SHARES, day=standing.day)
    return shares_trained(units=reach, day=standing.day)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
