"""Let come again what an answer by SMS stopped: the person, signed in, says so."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from citizens.models import Party
from notifications.models import Preference
from notifications.selectors.wishes import numbers_off, topics_off
from portal.common import clock


@transaction.atomic
def resume_topic(*, party: Party, topic: str) -> bool:
    """Allow a topic again that was stopped on every channel; False where it was not."""
    stopped = topics_off(party=party).filter(topic=topic).values("pk")
    return bool(Preference.objects.filter(pk__in=stopped).delete()[0])


@transaction.atomic
def resume_number(*, party: Party, public_id: UUID) -> bool:
    """Hold a number of the party to be verified again; False where no answer had taken it off.

    Its owner has signed in and says that it is theirs. Whoever holds it may answer `0` again.
    """
    refused = numbers_off(party=party).filter(public_id=public_id)
    return bool(refused.update(verified_at=clock.now(), refused_at=None))
