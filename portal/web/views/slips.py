"""The slip of one's own received dossier, to be printed."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from citizens.models import Citizen
from dossiers.documents.slip import slip_of
from dossiers.enums import FormKind
from dossiers.selectors.issued_forms import forms_for_people
from portal.web.access import for_citizens, own_dossier


@for_citizens
@require_safe
def slip(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Show the slip; 404 before an office received the dossier. The signed one replaces it."""
    dossier = own_dossier(citizen, public_id)
    signed = forms_for_people(dossier=dossier, reader=citizen).filter(kind=FormKind.RECEIPT).last()
    if signed is not None:
        return redirect("web:issued", public_id, signed.document.public_id)
    made = slip_of(dossier)
    if made is None:
        raise Http404
    back = reverse("web:dossier", args=[public_id])
    return render(request, "printed/slip.html", {"slip": made, "back": back})
