"""The address `/`: a citizen's matters, an official's desk, or the first page for a visitor."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.common import clock
from portal.web.access import DESK, public
from portal.web.presenters.catalogue import tiles_of
from procedures.selectors import index_of


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send everybody where they belong; show a visitor what is to be found."""
    if not request.user.is_authenticated:
        tiles = tiles_of(index_of(day=clock.today()))
        return render(request, "web/home.html", {"tiles": tiles})
    return redirect(DESK if request.user.is_staff else "web:matters")
