"""Answering from a demo phone: the way of a real answer, from the gateway's address on."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from dossiers.tasks import ring_for_replies
from notifications.enums import Channel
from notifications.services import record_inbound
from portal.common import clock
from portal.web import demo_phones
from portal.web.access import public

LONGEST = 300


@public
@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Send what was typed as that phone's SMS; only where phones are a demo's."""
    address = demo_phones.address_of(token) if demo_phones.are_open() else None
    if address is None or not address.startswith("+"):
        raise Http404
    text = request.POST.get("text", "").strip()[:LONGEST]
    if text:
        record_inbound(
            channel=Channel.SMS,
            key=uuid4().hex,
            sender=address,
            body=text,
            now=clock.now(),
        )
        ring_for_replies()
    return redirect("web:phone", token)


def answer_box(address: str, token: str) -> dict[str, Any] | None:
    """Return what the box needs, None where the phone has no number to answer from."""
    if not address.startswith("+"):
        return None
    return {"token": token, "longest": LONGEST}
