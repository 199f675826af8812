"""Papers that came out of one's dossier: looked at, printed or kept."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citizens.models import Citizen
from dossiers.documents.store import open_stored
from dossiers.enums import FormKind
from dossiers.selectors.issued_forms import forms_for_people
from dossiers.services.return_online import returned_online
from portal.common import clock
from portal.common.downloads import sealed_paper
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens, own_dossier

RECEIVED = "received"
"""Under which the session keeps the result that the dossier's page lets be downloaded."""


@for_citizens
@require_safe
def issued(request: HttpRequest, citizen: Citizen, public_id: UUID, paper: UUID) -> HttpResponse:
    """Show a paper of one's own dossier as PDF; `?keep` downloads it. Others' do not exist.

    Looking changes nothing: the result is in its owner's hands by `receive`.
    """
    forms = forms_for_people(dossier=own_dossier(citizen, public_id), reader=citizen)
    form = forms.filter(document__public_id=paper).first()
    if form is None:
        raise Http404
    data = open_stored(form.document)
    return sealed_paper(form.document.given_name, data, keep="keep" in request.GET)


@for_citizens
@require_POST
def receive(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Take the signed result: the dossier says that it was returned, and the file is downloaded."""
    forms = forms_for_people(dossier=own_dossier(citizen, public_id), reader=citizen)
    form = forms.filter(kind=FormKind.RESULT).first()
    if form is None:
        raise Http404
    with with_application_rights():
        returned_online(dossier=form.dossier, now=clock.now())
    request.session[RECEIVED] = str(form.document.public_id)
    messages.success(request, _("You have received the result. The file is being downloaded."))
    return redirect(reverse("web:dossier", args=[public_id]) + "#issued")
