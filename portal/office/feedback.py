"""Feedback of people at the desk: what waits, who gets it, the answer; also written down here.

Who sent it is not shown: an answer needs the words, not the name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.models import Agency, User
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.office.acting import pressed, tell_refused
from portal.office.roles import Desk
from portal.office.standing import Standing, standing_of
from portal.reporting.feedback.answering import answer_feedback, assign_feedback
from portal.reporting.feedback.enums import FeedbackAct, FeedbackState
from portal.reporting.feedback.models import LONGEST_WORDS, Feedback
from portal.reporting.feedback.reading import (
    feedback_for,
    may_answer,
    offices_to_assign,
    with_steps,
)
from portal.reporting.feedback.taking import take_feedback
from portal.reporting.selectors.units import units_counted

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
PER_PAGE = 30
SHOWN = {
    "waiting": gettext_lazy("Not answered"),
    "received": gettext_lazy("To be assigned"),
    "late": gettext_lazy("Late"),
    "answered": gettext_lazy("Answered"),
}


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        path("feedback/", guarded(show_list), name="office_feedback"),
        path("feedback/new/", guarded(write_down), name="office_feedback_new"),
        path("feedback/<uuid:public_id>/", guarded(show_one), name="office_feedback_one"),
        path("feedback/<uuid:public_id>/act/", guarded(act), name="office_feedback_act"),
    ]


def viewer(request: HttpRequest) -> Standing:
    """Return the standing of somebody who may read feedback; PermissionDenied for others."""
    standing = standing_of(request)
    if not standing.sees(Desk.FEEDBACK):
        raise PermissionDenied
    return standing


def chosen_in(request: HttpRequest) -> str:
    """Return which part of the list is asked for."""
    asked = request.GET.get("shown", "")
    return asked if asked in SHOWN else "waiting"


def asked_for(request: HttpRequest, standing: Standing, shown: str) -> QuerySet[Feedback]:
    """Return the feedback in reach of that part, what is due first."""
    waiting = ~Q(state=FeedbackState.ANSWERED)
    chosen = {
        "waiting": waiting,
        "received": Q(state=FeedbackState.RECEIVED),
        "late": waiting & Q(due_on__lt=standing.day),
        "answered": Q(state=FeedbackState.ANSWERED),
    }[shown]
    rows = feedback_for(user=cast(User, request.user), day=standing.day).filter(chosen)
    return with_steps(rows).order_by("-answered_on" if shown == "answered" else "due_on", "pk")


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """List the feedback in reach, what is due first."""
    standing = viewer(request)
    shown = chosen_in(request)
    page = Paginator(asked_for(request, standing, shown), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "title": _("Feedback of people"),
        "tabs": [(value, word, value == shown) for value, word in SHOWN.items()],
        "shown": shown,
        "lines": [(row, row.steps.all()[0], row.is_late(standing.day)) for row in page.object_list],
        "page": page,
        "may_write": standing.edits(Desk.FEEDBACK),
        "is_fullwidth": "1",
    }
    return render(request, "office/feedback.html", admin.site.each_context(request) | context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write_down(request: HttpRequest) -> HttpResponse:
    """Write down what somebody says at the counter; the code is shown once, to be handed over."""
    standing = standing_of(request)
    if not standing.edits(Desk.FEEDBACK):
        raise PermissionDenied
    units = units_counted(day=standing.day)
    code = ""
    if request.method == "POST":
        named = request.POST.get("unit", "")
        try:
            _row, code = take_feedback(
                words=request.POST.get("words", ""),
                unit=next((one for one in units if one.code == named), None),
                received_by=cast(User, request.user),
                now=clock.now(),
            )
        except RefusedError as refused:
            tell_refused(request, refused)
    official = getattr(request.user, "official", None)
    own = official.agency.unit.code if official is not None else ""
    context = {
        "title": _("Write down feedback"),
        "code": code,
        "units": units,
        "chosen": request.POST.get("unit", own),
        "typed": "" if code else request.POST.get("words", ""),
        "longest": LONGEST_WORDS,
        "is_fullwidth": "1",
    }
    return render(request, "office/feedback_new.html", admin.site.each_context(request) | context)


@require_safe
def show_one(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what was written and done, and what this official may do."""
    user, today = cast(User, request.user), clock.today()
    row = _in_reach(request, public_id)
    is_open = row.state != FeedbackState.ANSWERED
    context = {
        "title": _("Feedback"),
        "row": row,
        "steps": row.steps.all(),
        "is_late": row.is_late(today),
        "offices": offices_to_assign(feedback=row, user=user, day=today) if is_open else [],
        "may_answer": is_open and may_answer(feedback=row, user=user, day=today),
        "longest": LONGEST_WORDS,
        "is_fullwidth": "1",
    }
    return render(request, "office/feedback_one.html", admin.site.each_context(request) | context)


@require_POST
def act(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Assign or answer, as the press says; the services say who may."""
    row = _in_reach(request, public_id)
    said = {"feedback": row, **pressed(request)}
    try:
        match request.POST.get("act"):
            case FeedbackAct.ANSWERED:
                answer_feedback(**said)
            case FeedbackAct.ASSIGNED:
                assign_feedback(**said, agency=_chosen(request, row))
            case _:
                raise Http404
    except (RefusedError, StaleVersionError) as refused:
        tell_refused(request, refused)
    else:
        messages.success(request, _("Noted."))
        if not _reached(request).filter(pk=row.pk).exists():
            return redirect("admin:office_feedback")  # passed on to an office of others
    return redirect("admin:office_feedback_one", public_id=public_id)


def _chosen(request: HttpRequest, row: Feedback) -> Agency:
    """Return the office that was chosen; RefusedError for none that it may be given to."""
    user = cast(User, request.user)
    offices = offices_to_assign(feedback=row, user=user, day=clock.today())
    agency = offices.filter(code=request.POST.get("agency", "")[:30]).first()
    if agency is None:
        raise RefusedError(_("Please choose an office."))
    return agency


def _reached(request: HttpRequest) -> Any:
    return feedback_for(user=cast(User, request.user), day=clock.today())


def _in_reach(request: HttpRequest, public_id: UUID) -> Feedback:
    """Return the feedback if the official may read it; Http404 for any other."""
    if not standing_of(request).sees(Desk.FEEDBACK):
        raise PermissionDenied
    row: Feedback | None = with_steps(_reached(request)).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row
