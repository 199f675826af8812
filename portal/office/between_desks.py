"""Where a dossier is inside the office, and what moves it between desks: on, over, or away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from citizens.enums import Role
from citizens.models import Agency, Grant, Official, User
from dossiers.enums import Action, Status
from dossiers.models import Dossier, Stage
from dossiers.selectors import (
    Offer,
    absences_of,
    holder_of,
    was_passed_on,
)
from dossiers.services import advance
from dossiers.services.hand_on import hand_on
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.common.sql import ask_together
from portal.office.hands import offers_here
from portal.office.queue import dossiers_of, visible_dossier
from portal.office.queue_way import to_dossier
from portal.office.standing import standing_of

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
_OVER = (Action.APPROVE, Action.STOP)


def urls(guarded: Door) -> list[URLPattern]:
    """Return the presses, each behind the door that `guarded` puts in front."""
    dossier = "dossiers/<uuid:public_id>"
    return [
        path(f"{dossier}/hand-on/", guarded(on), name="office_hand_on"),
        path(f"{dossier}/hand-over/", guarded(over), name="office_hand_over"),
        path(f"{dossier}/pass-on/", guarded(away), name="office_pass_on"),
        path(f"{dossier}/competence/", guarded(give), name="office_give_competence"),
    ]


@dataclass(frozen=True)
class StageRow:
    """A step of the work: `state` is done, now or next."""

    stage: Stage
    state: str
    days: int

    @property
    def is_late(self) -> bool:
        """Whether the step is open and its own limit is past."""
        return self.state == "now" and self.days < 0


def desks_part(request: HttpRequest, dossier: Dossier) -> dict[str, Any]:
    """Return what templates/office/parts/dossier_desks.html shows."""
    user, day = cast(User, request.user), clock.today()
    offers = {offer.action: offer for offer in offers_here(request, dossier)}
    prefetch_related_objects([dossier], "stages__agency", "stages__official__user")
    stages = list(dossier.stages.all())
    may_move = Action.REASSIGN in offers
    is_worked_on = may_move and dossier.status == Status.PROCESSING
    colleagues = colleagues_of(dossier, day) if may_move else Official.objects.none()
    instead = _competent_instead(dossier, user, offers, day)
    away = absences_of(official=dossier.assignee, day=day)
    ask_together(colleagues, instead, away)
    return {
        "stages": [_row(stage, day) for stage in stages],
        "later": [one for one in stages if one.entered_at is None] if is_worked_on else [],
        "colleagues": colleagues,
        "may_move": may_move,
        "may_pass_on": _may_pass_on(dossier, user, offers),
        "competent_instead": instead,
        "holder": holder_of(dossier=dossier),
        "signs_for": next((offers[one].delegation for one in _OVER if one in offers), None),
        "absence": next(iter(away), None),
    }


def colleagues_of(dossier: Dossier, day: date) -> QuerySet[Official]:
    """Return the case officers of the competent agency, by name."""
    granted = Grant.objects.standing(day).filter(role=Role.CASE_OFFICER)
    here = Official.objects.filter(agency=dossier.competent_id, user__is_active=True)
    mine = here.filter(pk__in=granted.values("official")).exclude(pk=dossier.assignee_id)
    return mine.select_related("user").order_by("user__display_name")


def _row(stage: Stage, day: date) -> StageRow:
    if stage.left_at is not None:
        return StageRow(stage, "done", 0)
    if stage.entered_at is None:
        return StageRow(stage, "next", 0)
    return StageRow(stage, "now", (stage.due_on - day).days if stage.due_on else 0)


def _may_pass_on(dossier: Dossier, user: User, offers: dict[Action, Offer]) -> bool:
    """Return whether the dossier lies at the official's own office, on its way to another."""
    official = getattr(user, "official", None)
    return (
        official is not None
        and Action.FORWARD in offers
        and dossier.received_at_id == official.agency_id != dossier.competent_id
        and not was_passed_on(dossier=dossier)
    )


def _competent_instead(
    dossier: Dossier, user: User, offers: dict[Action, Offer], day: date
) -> QuerySet[Agency]:
    """Return the agencies to which the official may give a dossier that came to the wrong one."""
    official = getattr(user, "official", None)
    mine = official is not None and official.agency_id == dossier.competent_id
    if not mine or Action.FORWARD not in offers:
        return Agency.objects.none()
    same = Agency.objects.filter(kind=dossier.competent.kind_id, valid__contains=day)
    return same.exclude(pk=dossier.competent_id).order_by("name_vi")


@require_POST
def on(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let the dossier go on to a later step, on a colleague's desk where one is chosen."""
    dossier = visible_dossier(request, public_id)
    stage = get_object_or_404(dossier.stages, pk=_number(request, "stage"))
    return _do(
        request,
        dossier,
        _("The dossier is now in the step: %(step)s.") % {"step": stage.name_vi},
        lambda version, now: hand_on(
            dossier=dossier,
            stage=stage,
            to=_colleague(request, dossier),
            user=cast(User, request.user),
            version=version,
            now=now,
        ),
    )


@require_POST
def over(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hand the dossier over to a colleague, with a reason."""
    dossier = visible_dossier(request, public_id)
    to = _colleague(request, dossier)
    return _do(
        request,
        dossier,
        _("The dossier is with %(name)s now.") % {"name": to or ""},
        lambda version, now: advance(
            dossier=dossier,
            action=Action.REASSIGN,
            user=cast(User, request.user),
            version=version,
            note=request.POST.get("note", ""),
            to=to,
            now=now,
        ),
    )


@require_POST
def away(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Pass the dossier on to the agency that decides."""
    dossier = visible_dossier(request, public_id)
    return _do(
        request,
        dossier,
        _("The dossier is on its way to %(office)s.") % {"office": dossier.competent},
        lambda version, now: advance(
            dossier=dossier,
            action=Action.FORWARD,
            user=cast(User, request.user),
            version=version,
            now=now,
        ),
    )


@require_POST
def give(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give a dossier that came to the wrong agency to the competent one of the same kind."""
    dossier, day = visible_dossier(request, public_id), clock.today()
    offers = {offer.action: offer for offer in offers_here(request, dossier)}
    others = _competent_instead(dossier, cast(User, request.user), offers, day)
    to = others.filter(pk=_number(request, "agency")).first()
    note = " ".join(request.POST.get("note", "").split())
    if to is None or not note:
        messages.error(request, _("Choose the agency that is competent, and say why."))
        return to_dossier(request, dossier.public_id)
    answer = _do(
        request,
        dossier,
        _("%(office)s is competent now and was given the dossier.") % {"office": to},
        lambda version, now: advance(
            dossier=dossier,
            action=Action.FORWARD,
            user=cast(User, request.user),
            version=version,
            note=note,
            agency=to,
            now=now,
        ),
    )
    is_here = dossiers_of(standing_of(request)).filter(pk=dossier.pk).exists()
    return answer if is_here else redirect("admin:office_queue")


def _do(
    request: HttpRequest, dossier: Dossier, done: str, act: Callable[[int, datetime], Dossier]
) -> HttpResponse:
    """Do what was pressed on the version that the page showed, and say what came of it."""
    try:
        act(shown_version(request.POST.get("version", "")), clock.now())
    except StaleVersionError as overtaken:
        messages.warning(request, str(overtaken))
    except RefusedError as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, done)
    return to_dossier(request, dossier.public_id)


def _colleague(request: HttpRequest, dossier: Dossier) -> Official | None:
    return colleagues_of(dossier, clock.today()).filter(pk=_number(request, "to")).first()


def _number(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 18 else 0
