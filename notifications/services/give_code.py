"""A message that never left has no code yet; one that goes out on paper needs it."""

from __future__ import annotations

from notifications.models import Message
from notifications.rules.wording import short_code


def give_code(*, message: Message) -> None:
    """Note the short code of a message, also in the object; nothing where it has one."""
    if message.short_code:
        return
    message.short_code = short_code(message.public_id)
    Message.objects.filter(pk=message.pk, short_code="").update(short_code=message.short_code)
