"""Two addresses for machines: does the process live, and can it serve."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.web.probes import readiness


@require_safe
@never_cache
def process_lives(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process can answer at all; it asks nothing else."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def service_is_ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while database and tables are there, 503 otherwise; with what each probe saw.

    A late outbox or scan is told, not refused: taking the web away would help nobody.
    """
    ready, seen = readiness()
    return JsonResponse(seen, status=200 if ready else 503)
