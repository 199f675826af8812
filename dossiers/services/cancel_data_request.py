"""Take a request back, by whoever may act for the person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from citizens.models import DataRequest, User
from citizens.workflow import RequestAction
from dossiers.services.request_steps import keep, step_on, tell_person
from portal.common import clock


@transaction.atomic
def cancel_data_request(
    *, request: DataRequest, user: User, version: int, now: datetime
) -> DataRequest:
    """Close an open request as taken back; what was done until then stays done.

    Errors are those of `step_on`.
    """
    row = step_on(
        request=request,
        action=RequestAction.CANCEL,
        user=user,
        version=version,
        day=clock.civil_date(now),
    )
    row.finished_at = now
    keep(row)
    tell_person(request=row, topic="data_request_cancelled", now=now)
    return row
