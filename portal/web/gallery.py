"""The gallery: every component and the main pages with made-up data, for those who build.

It is part of the demo and the tests only; `portal.web.urls` leaves it out in production.
"""

from __future__ import annotations

import re
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from portal.common import clock
from portal.web import gallery_samples as samples

SPRITE = Path(__file__).parents[1] / "static" / "portal" / "icons.svg"
COMPONENTS = Path(__file__).parents[2] / "templates" / "components"
_SAID = re.compile(r"\{% comment %\}\s*(.*?)\s*\{% endcomment %\}", re.DOTALL)
TONES = ("late", "soon", "progress", "ok", "info", "neutral")


def _documented() -> list[tuple[str, str]]:
    """Return each component's name and what its template says of itself and its arguments."""
    found = ((one.stem, _SAID.search(one.read_text())) for one in sorted(COMPONENTS.glob("*.html")))
    return [(name, said[1] if said else "") for name, said in found]


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show every component once, in each of its tones."""
    context = {
        "pages": samples.PAGES,
        "icons": re.findall(r'symbol id="([a-z]+)"', SPRITE.read_text()),
        "tones": TONES,
        "components": _documented(),
        "day": clock.today(),
        "sample": samples.suggestion(),
        "matters": samples.matters()["matters"],
        "refused": samples.refused()["form"],
        "steps": samples.WAY,
        "timeline": samples.dossier()["timeline"],
        "sms": [one for one in samples.phone()["thread"] if not one["is_own"]],
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
