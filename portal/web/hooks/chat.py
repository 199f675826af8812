"""`/inbound/zalo/`, `/inbound/messenger/`: chats, over a simulator; refused in production."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from dossiers.exchange.chat import SIMULATED, ShapeError, take_chat
from portal.common import clock
from portal.web.hooks.signatures import called_by_chats, is_signed, knows_token


@called_by_chats
@require_POST
def signed_chat(request: HttpRequest, platform: str) -> HttpResponse:
    """Take the messages of one call and answer with those to be sent; 401 unless it is signed."""
    if not is_simulated():
        raise Http404
    return _take(request, platform) if is_signed(request) else HttpResponse(status=401)


@called_by_chats
@require_POST
def chat_at_secret_address(request: HttpRequest, platform: str, token: str) -> HttpResponse:
    """Take the same from whoever knows the secret address of this platform."""
    if not is_simulated():
        raise Http404
    is_known = knows_token(token, channel=platform)
    return _take(request, platform) if is_known else HttpResponse(status=401)


def is_simulated() -> bool:
    """Return whether chats are simulated here: never in production, where none is connected."""
    return settings.PORTAL_MODE != "production"


def _take(request: HttpRequest, platform: str) -> HttpResponse:
    try:
        answers = take_chat(platform, json.loads(request.body), now=clock.now())
    except (ShapeError, RecursionError, ValueError):
        return HttpResponse(status=400)
    return JsonResponse({"note": SIMULATED, "answers": answers})
