"""Tables of the messages' room, one file a subject."""

from __future__ import annotations

from notifications.models.demo import DemoDelivery
from notifications.models.messages import (
    Attempt,
    Gate,
    Message,
    Preference,
    ReceiptInbox,
    Reply,
)
from notifications.models.texts import Text, Topic

__all__ = [
    "Attempt",
    "DemoDelivery",
    "Gate",
    "Message",
    "Preference",
    "ReceiptInbox",
    "Reply",
    "Text",
    "Topic",
]
