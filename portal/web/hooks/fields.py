"""What a call of a gateway says, whichever way it says it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest


def fields_of(request: HttpRequest) -> dict[str, Any]:
    """Return what was said: the query's words, and those of a form or a JSON object over them.

    A body that cannot be read raises UnicodeDecodeError, RecursionError or JSONDecodeError.
    """
    said: dict[str, Any] = dict(request.GET.items())
    if request.content_type == "application/json":
        document = json.loads(request.body)
        return said | document if isinstance(document, dict) else said
    return said | dict(request.POST.items())
