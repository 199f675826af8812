"""Requests of data subjects, as the person sees them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from citizens.models import Citizen, DataRequest, User
from citizens.selectors.people import acting_for


def requests_of(*, citizen: Citizen, user: User, day: date) -> QuerySet[DataRequest]:
    """Return the requests about `citizen`, and those `user` sent for others, newest first.

    What was sent for somebody is seen as long as the right to act for them stands on `day`.
    """
    theirs = Q(requested_by=user, citizen__party__in=acting_for(actor=citizen, day=day))
    found = DataRequest.objects.filter(Q(citizen=citizen) | theirs)
    return found.select_related("citizen__party", "owner", "requested_by").order_by(
        "-recorded_at", "-pk"
    )


def request_for(*, citizen: Citizen, user: User, public_id: UUID, day: date) -> DataRequest:
    """Return one of the person's requests; DataRequest.DoesNotExist for anybody else's."""
    return requests_of(citizen=citizen, user=user, day=day).get(public_id=public_id)
