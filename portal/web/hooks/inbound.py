"""`/inbound/sms/`: what people answer by SMS, as gateways hand it on.

The answer to a gateway is empty: some gateways send what they are told back to the telephone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from citizens.registers.cells import BadCell, phone
from dossiers.tasks import ring_for_replies
from notifications.enums import Channel
from notifications.services import record_inbound
from notifications.services.record_inbound import key_of
from portal.common import clock
from portal.web.hooks.fields import fields_of
from portal.web.hooks.signatures import called_by_gateways, is_signed, knows_token

# What gateways call the parts of a message: Kannel, eSMS, and our own words first.
_SENDER = ("from", "sender", "phone", "Phone", "MSISDN")
_TEXT = ("text", "body", "message", "Content")
_NUMBER = ("id", "message_id", "SMSID", "MOID")
_TIME = ("time", "at", "timestamp", "RequestTime")


@called_by_gateways
@require_POST
def signed_sms(request: HttpRequest) -> HttpResponse:
    """Take one message in JSON; 401 and nothing kept unless it is signed."""
    if not is_signed(request):
        return HttpResponse(status=401)
    return _take(request)


@called_by_gateways
@require_http_methods(["GET", "POST"])
def sms_at_secret_address(request: HttpRequest, token: str) -> HttpResponse:
    """Take one message of a gateway that cannot sign, as query, form or JSON."""
    if not knows_token(token, channel=Channel.SMS):
        return HttpResponse(status=401)
    return _take(request)


def _take(request: HttpRequest) -> HttpResponse:
    try:
        told = fields_of(request)
        sender = phone(_first(told, _SENDER))
    except (BadCell, RecursionError, ValueError):
        return HttpResponse(status=400)
    text, number = _first(told, _TEXT), _first(told, _NUMBER)
    key = number or key_of(Channel.SMS, sender, text, _first(told, _TIME) or _this_hour())
    heard = record_inbound(channel=Channel.SMS, key=key, sender=sender, body=text, now=clock.now())
    if heard.is_new:
        ring_for_replies()
    return HttpResponse(content_type="text/plain")


def _this_hour() -> str:
    """Return what stands for the time where a gateway tells neither number nor time.

    A repeat within the hour is one message; the same word next week is another.
    """
    return f"{clock.civil_time(clock.now()):%Y-%m-%d %H}"


def _first(told: Mapping[str, Any], names: tuple[str, ...]) -> str:
    found = next((told[name] for name in names if told.get(name) not in (None, "")), "")
    return str(found) if isinstance(found, str | int) else ""
