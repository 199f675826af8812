"""The number of a newborn that was registered without one, entered on the dossier's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from citizens.enums import ViewPurpose
from citizens.models import Citizen, User
from citizens.services.count_tries import count_try
from dossiers.models import Dossier
from dossiers.services.enter_child_number import (
    enter_child_number,
    may_enter_number,
    numberless_child,
)
from dossiers.tasks import ring_for_steps
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office.access import log_people_shown
from portal.office.queue import visible_dossier
from portal.office.queue_way import to_dossier

# A refusal tells whether somebody has a number: nobody goes through them here.
MOST_TRIES, _HOUR = 20, 3600


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the press, behind the door that `guarded` puts in front."""
    return [path("dossiers/<uuid:public_id>/number/", guarded(enter), name="office_child_number")]


def child_without_number(request: HttpRequest, dossier: Dossier) -> Citizen | None:
    """Return the child whose number this official may enter here, else None."""
    child = numberless_child(dossier=dossier)
    user = cast(User, request.user)
    if child is None or not may_enter_number(dossier=dossier, user=user, now=clock.now()):
        return None
    return child


@require_POST
def enter(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Enter the number; who entered it of whom stands in the log of views."""
    dossier = visible_dossier(request, public_id)
    user = cast(User, request.user)
    if count_try(
        what="child_number", key=str(user.pk), most=MOST_TRIES, seconds=_HOUR, now=clock.now()
    ):
        messages.error(request, _("Too many numbers were tried. Please try again in an hour."))
        return to_dossier(request, public_id)
    try:
        with transaction.atomic():
            child = enter_child_number(
                dossier=dossier, user=user, typed=request.POST.get("pin", ""), now=clock.now()
            )
            log_people_shown(
                request,
                people=[child.pk],
                fields=["personal_id"],
                purpose=ViewPurpose.DOSSIER,
                reference=dossier.code,
            )
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        ring_for_steps()
        told = _("The number of %(name)s is entered; what waited for it goes on.")
        messages.success(request, told % {"name": child.full_name})
    return to_dossier(request, public_id)
