"""Messages by the short code that stands in them."""

from __future__ import annotations

from notifications.models import Message


def message_with_code(code: str) -> Message | None:
    """Return the latest message with this short code (8 letters), None where there is none."""
    found = Message.objects.filter(short_code=code).exclude(short_code="")
    return found.select_related("topic").order_by("-recorded_at", "-pk").first()
