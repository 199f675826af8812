"""The copy of one's own data: a page to read and print, and a file for machines."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from citizens.models import Citizen
from dossiers.services import DataCopy, open_data_copy
from portal.common import clock
from portal.common.errors import RefusedError
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens
from portal.web.presenters.data_copy import sections
from portal.web.views.data_requests import own_request


@for_citizens
@require_GET
def copy_page(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Show the copy of a request, everything open; each opening is logged."""
    copy = _opened(request, citizen, public_id)
    if copy is None:
        return redirect("web:request", public_id)
    context = {"copy": copy, "sections": sections(copy), "public_id": public_id}
    return render(request, "web/data_copy.html", context)


@for_citizens
@require_GET
def copy_file(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Hand out the same copy as JSON; each opening is logged."""
    copy = _opened(request, citizen, public_id)
    if copy is None:
        return redirect("web:request", public_id)
    style = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(copy.as_json(), json_dumps_params=style)
    response["Content-Disposition"] = f'attachment; filename="{copy.code}.json"'
    return response


def _opened(request: HttpRequest, citizen: Citizen, public_id: UUID) -> DataCopy | None:
    """Return the copy, or None where it can no longer be opened, and say so."""
    row = own_request(citizen, public_id)
    try:
        with with_application_rights():
            return open_data_copy(request=row, by=citizen.user, now=clock.now())
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
        return None
