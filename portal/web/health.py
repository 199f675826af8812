"""Two addresses for machines: does the process live, and can it serve."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def process_lives(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process can answer at all; it asks nothing else."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def service_is_ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while the database answers, 503 with the reason otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})
