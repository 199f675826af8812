"""Join a chat account to a citizen by a code that only the signed-in portal shows."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from citizens.models import Citizen
from citizens.services.count_tries import count_try
from dossiers.models import ChatAccount
from notifications.rules.wording import CODE_LETTERS, grouped

LIVES_FOR = 600  # seconds
MOST_TRIES = 5  # of one account in that time
_LENGTH = 8


def make_link_code(*, citizen: Citizen) -> str:
    """Return a code that joins one chat account to this person within ten minutes, once."""
    code = "".join(secrets.choice(CODE_LETTERS) for _place in range(_LENGTH))
    cache.set(_place_of(code), citizen.pk, LIVES_FOR)
    return grouped(code)


@transaction.atomic
def link_chat(*, platform: str, account: str, code: str, now: datetime) -> Citizen | None:
    """Join the account to whoever made the code; None for a wrong, used or old one (F43).

    After five tries within ten minutes an account is not listened to, whatever it sends.
    """
    index = ChatAccount.index_of(platform, account)
    if count_try(what="chat", key=index.hex(), most=MOST_TRIES, seconds=LIVES_FOR, now=now):
        return None
    found = cache.get(_place_of(code))
    # Whoever deletes it has it: two accounts never use one code.
    if found is None or not cache.delete(_place_of(code)):
        return None
    citizen = Citizen.objects.alive().filter(pk=found).first()
    if citizen is not None:
        ChatAccount.objects.update_or_create(
            platform=platform,
            account_index=index,
            defaults={"citizen": citizen, "linked_at": now},
        )
    return citizen


def unlink_chat(*, citizen: Citizen, public_id: UUID) -> bool:
    """Let a chat account go; False where it is not this person's."""
    return bool(ChatAccount.objects.filter(citizen=citizen, public_id=public_id).delete()[0])


def _place_of(code: str) -> str:
    letters = code.replace("-", "").upper()
    return f"chat-link:{hashlib.sha256(letters.encode()).hexdigest()}"
