"""What answers by SMS stopped, and how its owner lets it come again."""

from __future__ import annotations

from operator import attrgetter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citizens.models import Citizen
from notifications.selectors.wishes import is_off, numbers_off
from notifications.services.resume import (
    CODE_LIFE,
    ask_number_code,
    resume_number,
)
from portal.common import clock
from portal.common.errors import RefusedError
from portal.common.masking import mask_phone
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens

_UNFIT = 422


@for_citizens
@require_POST
def resume(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Send a code to a `number`, named by its public id."""
    try:
        public_id = UUID(request.POST.get("number", ""))
    except ValueError:
        raise Http404 from None
    try:
        with with_application_rights():
            is_sent = ask_number_code(party=citizen.party, public_id=public_id, now=clock.now())
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
        return redirect("web:choices")
    return redirect("web:number_code", public_id) if is_sent else redirect("web:choices")


@for_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def number_code(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Take the code that came to the number; of a wrong one no more is said."""
    point = numbers_off(party=citizen.party).filter(public_id=public_id).first()
    if point is None:
        raise Http404
    is_wrong = request.method == "POST"
    if is_wrong:
        given = "".join(request.POST.get("code", "").split())[:12]
        with with_application_rights():
            is_right = resume_number(
                party=citizen.party, public_id=public_id, code=given, now=clock.now()
            )
        if is_right:
            messages.success(request, _("It comes again from now on."))
            return redirect("web:choices")
    context = {
        "number": mask_phone(point.value),
        "id": public_id,
        "minutes": CODE_LIFE.seconds // 60,
        "is_wrong": is_wrong,
    }
    status = _UNFIT if is_wrong else 200
    return render(request, "web/number_code.html", context, status=status)


def numbers_stopped(citizen: Citizen) -> list[dict[str, Any]]:
    """Return for the page of choices to which numbers nothing is sent since an answer from them."""
    points = sorted(citizen.party.contact_points.all(), key=attrgetter("pk"))
    return [
        {"id": point.public_id, "shown": mask_phone(point.value)}
        for point in points
        if is_off(point)
    ]
