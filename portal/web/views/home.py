"""The address `/`: a citizen's matters, an official's desk, or a calm word to a visitor."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.web.access import DESK, public


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send everybody where they belong; tell a visitor what this is."""
    if not request.user.is_authenticated:
        return render(request, "web/home.html")
    return redirect(DESK if request.user.is_staff else "web:matters")
