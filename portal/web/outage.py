"""The page of an outage: the database does not answer, so neither do we, but in words (F3)."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.defaults import server_error

from portal.common.sql import is_database_away

_COME_BACK = 30  # seconds, for programs that ask again by themselves


def answer_to_an_error(request: HttpRequest) -> HttpResponse:
    """Return 503 where the database failed (unreachable, too slow, full, read-only), else 500.

    Django's handler500. It sees what failed in a view, a template or a middleware; a middleware
    would see views only, and signing people in already asks the database before any view. The
    page reads no table.
    """
    if not is_database_away(sys.exc_info()[1]):
        return server_error(request)
    response = _problem() if request.path.startswith("/api/") else _page()
    response["Retry-After"] = str(_COME_BACK)
    add_never_cache_headers(response)
    return response


def _page() -> HttpResponse:
    return HttpResponse(loader.render_to_string("503.html"), status=503)


def _problem() -> HttpResponse:
    """Return RFC 9457's form of the same."""
    words = {"type": "about:blank", "title": gettext("Back in a moment"), "status": 503}
    return JsonResponse(words, status=503, content_type="application/problem+json")
