"""The portal as an app: what a phone needs to install it, and what it shows without a network."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from citizens.models import Citizen
from dossiers.selectors import dossiers_of
from portal.common import clock
from portal.web.access import for_citizens, public
from portal.web.presenters import dossiers as told
from portal.web.presenters.papers import shelves
from portal.web.presenters.people import parties_of

PAPERS_KEPT = 20
DOSSIERS_KEPT = 20
_WORKER = "portal/sw.js"
# Sizes that phones ask for; an Android phone cuts its own shape out of the maskable one.
_ICONS = (("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"))
_MASKABLE = ("icon-maskable-512.png", 512, "maskable")


@public
@require_safe
@cache_control(no_cache=True)
def service_worker(_request: HttpRequest) -> HttpResponse:
    """Return the service worker at the root, so that it answers for the whole portal."""
    path = finders.find(_WORKER)
    if not isinstance(path, str):
        raise Http404
    kind = "text/javascript; charset=utf-8"
    return HttpResponse(Path(path).read_bytes(), content_type=kind)


@public
@require_safe
@cache_control(public=True, max_age=86_400)
def manifest(_request: HttpRequest) -> JsonResponse:
    """Return what a phone needs to put the portal on its home screen."""
    about = {
        "id": "/my/",
        "name": settings.SITE_NAME,
        "short_name": "Cổng dịch vụ",
        "lang": "vi",
        "start_url": "/my/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbfaf6",
        "theme_color": "#0b6b53",
        "icons": [
            {
                "src": static(f"portal/{file}"),
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": purpose,
            }
            for file, side, purpose in (*_ICONS, _MASKABLE)
        ],
    }
    return JsonResponse(about, content_type="application/manifest+json")


@public
@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """Say that there is no network; a browser keeps this page (portal/app.js) and shows it then."""
    return render(request, "web/offline.html")


@for_citizens
@require_safe
def kept(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Show papers and appointments, short enough to be carried about without a network.

    A browser keeps it only where the person said so for that device, until they sign out there.
    """
    day = clock.today()
    filed = dossiers_of(citizen=citizen).select_related("owner__citizen", "owner__organisation")
    now = told.running(filed, DOSSIERS_KEPT)
    context = {
        "shelves": shelves(citizen, parties_of(citizen, day), day, limit=PAPERS_KEPT),
        "dossiers": [told.card(row, citizen.pk) for row in (*now.asked, *now.handled)],
        "now": clock.now(),
    }
    return render(request, "web/kept.html", context)
