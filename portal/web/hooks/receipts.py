"""`/receipts/<channel>/`: what gateways tell of messages that they took."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from notifications.enums import Channel
from notifications.rules.receipt_shapes import ShapeError, read_gateway, read_ours
from notifications.rules.receipts import Receipt
from notifications.services import record_receipts
from portal.web.hooks.fields import fields_of
from portal.web.hooks.signatures import called_by_gateways, is_signed, knows_token


@called_by_gateways
@require_POST
def signed_receipts(request: HttpRequest, channel: Channel) -> HttpResponse:
    """Take one receipt or a list of them, in JSON; 401 and nothing changed unless it is signed.

    200 also for references that nobody knows: they are kept apart, and the sender learns nothing.
    """
    if not is_signed(request):
        return HttpResponse(status=401)
    return _answer(channel, lambda: read_ours(json.loads(request.body)))


@called_by_gateways
@require_http_methods(["GET", "POST"])
def receipts_at_secret_address(request: HttpRequest, channel: Channel, token: str) -> HttpResponse:
    """Take what a gateway that cannot sign says in its own words, as query, form or JSON."""
    if not knows_token(token, channel=channel):
        return HttpResponse(status=401)
    return _answer(channel, lambda: read_gateway(channel, fields_of(request)))


def _answer(channel: Channel, read: Callable[[], Sequence[Receipt]]) -> HttpResponse:
    try:
        receipts = read()
    except (ShapeError, RecursionError, ValueError):
        return HttpResponse(status=400)
    recorded = record_receipts(channel=channel, receipts=receipts)
    return JsonResponse({"received": len(receipts), "new": recorded.new_count})
