"""Papers that came out of one's dossier: looked at, printed or kept."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from citizens.models import Citizen
from dossiers.documents.store import open_stored
from dossiers.enums import FormKind
from dossiers.selectors.issued_forms import forms_for_people
from dossiers.services.return_online import returned_online
from portal.common import clock
from portal.common.downloads import sealed_paper
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens, own_dossier


@for_citizens
@require_safe
def issued(request: HttpRequest, citizen: Citizen, public_id: UUID, paper: UUID) -> HttpResponse:
    """Show a paper of one's own dossier as PDF; `?keep` downloads it. Others' do not exist.

    The result is in its owner's hands with that, and the dossier says so.
    """
    forms = forms_for_people(dossier=own_dossier(citizen, public_id), reader=citizen)
    form = forms.filter(document__public_id=paper).first()
    if form is None:
        raise Http404
    data = open_stored(form.document)
    if form.kind == FormKind.RESULT and request.method == "GET":
        with with_application_rights():
            returned_online(dossier=form.dossier, now=clock.now())
    return sealed_paper(form.document.given_name, data, keep="keep" in request.GET)
