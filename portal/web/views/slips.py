"""The slip of one's own received dossier, to be printed."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from citizens.models import Citizen
from dossiers.documents.slip import slip_of
from portal.web.access import for_citizens, own_dossier


@for_citizens
@require_safe
def slip(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Show the slip; 404 before an office received the dossier."""
    made = slip_of(own_dossier(citizen, public_id))
    if made is None:
        raise Http404
    back = reverse("web:dossier", args=[public_id])
    return render(request, "printed/slip.html", {"slip": made, "back": back})
