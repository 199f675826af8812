"""Browser notices: a person's devices on and off, and the two files that a browser asks for."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from citizens.models import Citizen
from notifications.services import add_device, remove_device
from portal.common.errors import RefusedError
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens, public

_WORKER = "portal/sw.js"


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


@public
@require_safe
@cache_control(no_cache=True)
def service_worker(_request: HttpRequest) -> HttpResponse:
    """Return the service worker at the root, so that it answers for the whole portal."""
    path = finders.find(_WORKER)
    if not isinstance(path, str):
        raise Http404
    with open(path, "rb") as file:  # noqa: PTH123
        return HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")


@public
@require_safe
@cache_control(public=True, max_age=86_400)
def manifest(_request: HttpRequest) -> JsonResponse:
    """Return what a phone needs to put the portal on its home screen."""
    about = {
        "name": settings.SITE_NAME,
        "short_name": "Cổng dịch vụ",
        "lang": "vi",
        "start_url": "/my/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbfaf6",
        "theme_color": "#0b6b53",
        "icons": [{"src": static("portal/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(about, content_type="application/manifest+json")
