"""`/payments/<gateway>/`: what a bank tells of money that came in, signed (docs/payments.md)."""

from __future__ import annotations

import json

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from dossiers.payments.gateways import CallError, account, read_call
from dossiers.services.record_payment import record_payment
from dossiers.tasks import ring_for_automatic_decisions
from portal.common import clock
from portal.web.hooks.signatures import called_by_gateways, is_signed


@called_by_gateways
@require_POST
def signed_payment(request: HttpRequest, gateway: str) -> HttpResponse:
    """Keep one payment told in JSON; 401 and nothing kept unless it is signed.

    200 for whatever could be read, also money that fits no fee: people look at that, not the bank.
    """
    if not is_signed(request):
        return HttpResponse(status=401)
    ours = account()
    if ours is None or ours.gateway != gateway:
        return HttpResponse(status=404)
    try:
        call = read_call(json.loads(request.body))
    except (CallError, RecursionError, ValueError):
        return HttpResponse(status=400)
    record_payment(gateway=gateway, call=call, now=clock.now())
    transaction.on_commit(ring_for_automatic_decisions)
    return JsonResponse({"received": call.transaction})
