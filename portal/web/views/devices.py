"""Browser notices: a person's devices on and off."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from citizens.models import Citizen
from notifications.services import add_device, remove_device
from portal.common.errors import RefusedError
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens


@for_citizens
@require_POST
def device_on(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Tell the browser that sends its subscription from now on."""
    try:
        with with_application_rights():
            add_device(party=citizen.party, subscription=request.POST.get("subscription", ""))
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        messages.success(request, _("This device receives notices from now on."))
    return redirect("web:choices")


@for_citizens
@require_POST
def device_off(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Tell one of the person's browsers no longer."""
    with with_application_rights():
        is_off = remove_device(party=citizen.party, public_id=public_id)
    if not is_off:
        raise Http404
    messages.success(request, _("This device is off: notices take the next way."))
    return redirect("web:choices")
