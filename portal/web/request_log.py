"""One line in the log for each request, without query strings and without who called from where."""

from __future__ import annotations

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    """django-structlog, naming the pattern of the address instead of the address.

    Addresses carry ids of cases and codes of messages; queries carry what people searched for.
    """

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return method and pattern, e.g. `GET /suggestions/<uuid:public_id>/`."""
        match = request.resolver_match
        return f"{request.method} {'/' + match.route if match else '(no such page)'}"
