"""Let come again what an answer stopped: a topic at a word, a number by a code sent to it."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import ContactPoint, Party
from notifications.models import NumberCode, Preference
from notifications.selectors.wishes import numbers_off, topics_off
from notifications.services.enqueue import enqueue
from portal.common.crypto import keyed_index
from portal.common.errors import RefusedError

CODE_LIFE = timedelta(minutes=10)
MOST_TRIES, ASKED_A_DAY = 5, 3
_COUNTED = timedelta(days=1)


@transaction.atomic
def resume_topic(*, party: Party, topic: str) -> bool:
    """Allow a topic again that was stopped on every channel; False where it was not."""
    stopped = topics_off(party=party).filter(topic=topic).values("pk")
    return bool(Preference.objects.filter(pk__in=stopped).delete()[0])


@transaction.atomic
def ask_number_code(*, party: Party, public_id: UUID, now: datetime) -> bool:
    """Send a code to a number of the party that an answer took off; False where none did.

    Who is signed in may have given the number away: only who holds it reads the code (F20). Whoever
    that is wanted no messages, so RefusedError after three codes within a day to one number, asked
    by whomever.
    """
    point = _taken_off(party, public_id)
    if point is None:
        return False
    lately = NumberCode.objects.filter(
        contact_point__in=_locked_points_of_number(point), asked_at__gt=now - _COUNTED
    )
    if lately.count() >= ASKED_A_DAY:
        raise RefusedError(_("This number got several codes today. Please try again tomorrow."))
    code = f"{secrets.randbelow(1_000_000):06d}"
    row = NumberCode.objects.create(
        contact_point=point,
        code_hash=_hash(point, code),
        asked_at=now,
        expires_at=now + CODE_LIFE,
    )
    enqueue(
        topic="number_code",
        recipient=party,
        contact_point=point,
        params={"minutes": CODE_LIFE.seconds // 60},
        secret_params={"secret": code},
        dedupe_key=f"number:{row.pk}",
        due_at=now,
        not_after=row.expires_at,
    )
    return True


@transaction.atomic
def resume_number(*, party: Party, public_id: UUID, code: str, now: datetime) -> bool:
    """Hold a number to be verified again by the code that was sent last; False for a wrong one.

    Each try counts; after five or after ten minutes no code is right any more. Whoever holds the
    number may answer `0` again.
    """
    point = _taken_off(party, public_id)
    if point is None:
        return False
    _locked_points_of_number(point)
    row = NumberCode.objects.filter(contact_point=point).order_by("-pk").first()
    if row is None or now >= row.expires_at or row.try_count >= MOST_TRIES:
        return False
    row.try_count += 1
    row.save(update_fields=["try_count"])
    if not hmac.compare_digest(_hash(point, code), bytes(row.code_hash)):
        return False
    point.verified_at, point.refused_at = now, None
    point.save(update_fields=["verified_at", "refused_at"])
    row.expires_at = now  # used
    row.save(update_fields=["expires_at"])
    return True


def forget_number_codes(*, now: datetime) -> int:
    """Delete the codes that prove nothing any more and count in no day; return how many."""
    old = NumberCode.objects.filter(expires_at__lte=now, asked_at__lte=now - _COUNTED)
    return old.delete()[0]


def _taken_off(party: Party, public_id: UUID) -> ContactPoint | None:
    return numbers_off(party=party).filter(public_id=public_id).first()


def _locked_points_of_number(point: ContactPoint) -> list[int]:
    """Lock a number whoever has it: what is counted of it comes one after the other."""
    same = ContactPoint.objects.filter(channel=point.channel, value_index=bytes(point.value_index))
    rows = same.order_by("pk").select_for_update(of=("self",))
    return list(rows.values_list("pk", flat=True))


def _hash(point: ContactPoint, code: str) -> bytes:
    return keyed_index("number", str(point.public_id), code)
