"""The chat of the trial, and linking a chat account from the page of choices."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citizens.models import Citizen
from dossiers.exchange.chat import take_chat
from dossiers.models import ChatAccount
from dossiers.services.keep_upload import LARGEST
from dossiers.services.link_chat import LIVES_FOR, make_link_code, unlink_chat
from portal.common import clock
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens, public
from portal.web.hooks.chat import is_simulated

_KEPT, _MOST = "chat_trial", 30


@public
@require_http_methods(["GET", "HEAD", "POST"])
def chat(request: HttpRequest) -> HttpResponse:
    """Try the chat as a Zalo account that belongs to this browser; only in a trial."""
    if not is_simulated():
        raise Http404
    kept = request.session.setdefault(_KEPT, {"account": uuid4().hex[:16], "lines": []})
    if request.method == "POST":
        kept["lines"] = [*kept["lines"], *_exchanged(request, kept["account"])][-_MOST:]
        request.session.modified = True
        return redirect("web:chat")
    return render(request, "web/chat.html", {"lines": kept["lines"]})


def _exchanged(request: HttpRequest, account: str) -> list[dict[str, Any]]:
    """Send what was typed, pressed or chosen through the adapter; return both sides' lines."""
    text, button = request.POST.get("text", "").strip()[:500], request.POST.get("button", "")
    photo = request.FILES.get("photo")
    if not (text or button or photo):
        return []
    message: dict[str, Any] = {"msg_id": uuid4().hex, "text": f"#{button}" if button else text}
    if photo is not None:
        data = photo.read(LARGEST + 1)
        sent = base64.b64encode(data).decode()
        message["attachments"] = [{"type": "image", "payload": {"data": sent}}]
    document = {"event_name": "user_send_text", "sender": {"id": account}, "message": message}
    answers = take_chat("zalo", document, now=clock.now())
    own = request.POST.get("label", "")[:100] or text or _("(a photo)")
    return [_line(own, []) | {"is_own": True}, *(_answer(one) for one in answers)]


def _answer(sent: dict[str, Any]) -> dict[str, Any]:
    message = sent["message"]
    buttons = message.get("attachment", {}).get("payload", {}).get("buttons", [])
    pressed = [{"label": one["title"], "sent": one["payload"].lstrip("#")} for one in buttons]
    return _line(message["text"], pressed)


def _line(text: str, buttons: list[dict[str, str]]) -> dict[str, Any]:
    return {"text": text, "buttons": buttons, "is_own": False}


@for_citizens
@require_POST
def link_code(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Show a code, once, by which a chat account is linked to the person."""
    with with_application_rights():
        code = make_link_code(citizen=citizen)
    return render(request, "web/chat_code.html", {"code": code, "minutes": LIVES_FOR // 60})


@for_citizens
@require_POST
def unlink(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Let a linked chat account go."""
    with with_application_rights():
        if unlink_chat(citizen=citizen, public_id=public_id):
            messages.success(request, _("The chat account is no longer linked."))
    return redirect("web:choices")


def linked_chats(citizen: Citizen) -> list[dict[str, Any]]:
    """Return the person's linked accounts for the page of choices."""
    with with_application_rights():
        rows = list(ChatAccount.objects.filter(citizen=citizen).order_by("linked_at"))
    return [
        {"id": row.public_id, "name": row.platform.title(), "at": row.linked_at} for row in rows
    ]
