"""One adapter for two chats over a simulator: Zalo OA and Messenger, in the shapes they send.

MÔ PHỎNG: no platform is connected. Photos lie in the payload (`payload.data`, base64) where a
platform would give an address, so nothing is ever fetched (F42); answers are returned to the caller
in the platform's shape of a message to be sent.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from dossiers.services.answer_chat import Heard, Said, answer_chat

SIMULATED = "MÔ PHỎNG"
MOST_EVENTS, MOST_PHOTOS, LONGEST_TEXT = 10, 3, 1000
PLATFORMS = ("zalo", "messenger")


class ShapeError(ValueError):
    """A payload that is not in the platform's shape."""


def take_chat(platform: str, document: Any, *, now: datetime) -> list[dict[str, Any]]:
    """Answer every message of a payload; ShapeError where it cannot be read."""
    read = {"zalo": _zalo, "messenger": _messenger}[platform]
    written = {"zalo": _to_zalo, "messenger": _to_messenger}[platform]
    try:
        events = list(read(document))[:MOST_EVENTS]
    except (KeyError, TypeError, AttributeError, ValueError, binascii.Error) as error:
        raise ShapeError("the payload is not in the platform's shape") from error
    return [
        {**written(heard.account, said), "note": SIMULATED}
        for heard in events
        for said in answer_chat(heard, now=now)
    ]


def _zalo(document: Mapping[str, Any]) -> Iterator[Heard]:
    event, account = str(document["event_name"]), str(document["sender"]["id"])
    message = document.get("message") or {}
    text = str(message.get("text") or "")
    yield Heard(
        platform="zalo",
        account=account[:64],
        key=str(message.get("msg_id") or f"{event}:{document['timestamp']}")[:60],
        # A button of an official account sends its payload as a text that begins with #.
        text="" if text.startswith("#") else text[:LONGEST_TEXT],
        button=text[1:200] if text.startswith("#") else _begins(event == "follow"),
        photos=_photos(message),
    )


def _messenger(document: Mapping[str, Any]) -> Iterator[Heard]:
    if document["object"] != "page":
        raise ShapeError("not a page")
    for entry in document["entry"]:
        for event in entry["messaging"]:
            message, postback = event.get("message") or {}, event.get("postback") or {}
            reply = message.get("quick_reply") or {}
            yield Heard(
                platform="messenger",
                account=str(event["sender"]["id"])[:64],
                key=str(message.get("mid") or postback.get("mid") or event["timestamp"])[:60],
                text="" if reply else str(message.get("text") or "")[:LONGEST_TEXT],
                button=str(postback.get("payload") or reply.get("payload") or "")[:200],
                photos=_photos(message),
            )


def _begins(is_first: bool) -> str:
    return "START" if is_first else ""


def _photos(message: Mapping[str, Any]) -> tuple[bytes, ...]:
    images = [one for one in message.get("attachments") or () if one["type"] in ("image", "photo")]
    return tuple(
        base64.b64decode(one["payload"]["data"], validate=True) for one in images[:MOST_PHOTOS]
    )


def _to_zalo(account: str, said: Said) -> dict[str, Any]:
    message: dict[str, Any] = {"text": said.text}
    if said.buttons:
        message["attachment"] = {
            "type": "template",
            "payload": {
                "buttons": [
                    {"title": label, "type": "oa.query.show", "payload": f"#{sent}"}
                    for label, sent in said.buttons
                ]
            },
        }
    return {"recipient": {"user_id": account}, "message": message}


def _to_messenger(account: str, said: Said) -> dict[str, Any]:
    message: dict[str, Any] = {"text": said.text}
    if said.buttons:
        message["quick_replies"] = [
            {"content_type": "text", "title": label[:20], "payload": sent}
            for label, sent in said.buttons
        ]
    return {"recipient": {"id": account}, "message": message}
