"""The gallery: every component and the main pages with made-up data, for those who build.

It is part of the demo and the tests only; `portal.web.urls` leaves it out in production.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from portal.web import gallery_samples as samples

ICONS = (
    "clock soon late progress done info pause stopped check cross back forward down person people"
    " calendar paper card inbox eye phone message print copy leave help search key place money"
    " upload"
).split()
TONES = ("late", "soon", "progress", "ok", "info", "neutral")


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show every component once, in each of its tones."""
    context = {
        "pages": samples.PAGES,
        "icons": ICONS,
        "tones": TONES,
        "sample": samples.suggestion(),
        "steps": samples.WAY,
        "timeline": samples.dossier()["timeline"],
        "sms": samples.phone()["messages_shown"],
    }
    return render(request, "gallery/index.html", context)


@require_GET
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Show one of the main pages with its sample context."""
    if name not in samples.PAGES:
        raise Http404(name)
    template, sample = samples.PAGES[name]
    return render(request, template, sample())


urlpatterns = [
    path("", index, name="gallery"),
    path("<slug:name>/", page, name="gallery_page"),
]
