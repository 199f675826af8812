"""The right to have a person look at what was decided automatically: one press."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from citizens.models import Citizen
from dossiers.models import AutomaticDecision
from dossiers.services.review_automatic import ask_for_look
from portal.common import clock
from portal.common.errors import RefusedError
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens, own_dossier


@for_citizens
@require_POST
def look(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Have an official look at an automatic decision about the person's own dossier."""
    dossier = own_dossier(citizen, public_id)
    decision = AutomaticDecision.objects.filter(dossier=dossier).first()
    if decision is None:
        raise Http404
    try:
        with with_application_rights():
            ask_for_look(decision=decision, citizen=citizen, now=clock.now())
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        messages.success(request, _("An official will look at it."))
    return redirect("web:dossier", public_id)
