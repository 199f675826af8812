"""Say yes to a request: what will be done, and by when."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens import sla
from citizens.enums import DataRequestKind
from citizens.models import DataRequest, User
from citizens.selectors import working_calendar
from citizens.workflow import RequestAction
from dossiers.services.request_steps import cleaned, keep, step_on, tell_person
from portal.common import clock


@transaction.atomic
def answer_data_request(
    *,
    request: DataRequest,
    user: User,
    version: int,
    answer: str,
    now: datetime,
    has_processors: bool = False,
) -> DataRequest:
    """Accept the request with `answer`, what will be done, and tell the person.

    `has_processors` says that others who process the data must be told, which gives what is to be
    stopped 20 days instead of 15; the new date is told with the answer. Errors are those of
    `step_on`; RefusedError for an empty answer.
    """
    said = cleaned(answer, missing=_("Please write what will be done; the citizen will read it."))
    day = clock.civil_date(now)
    row = step_on(request=request, action=RequestAction.ACCEPT, user=user, version=version, day=day)
    row.answer_enc = row.seal("answer_enc", said)
    row.answered_at = now
    if has_processors:
        kind = DataRequestKind(row.kind)
        due = sla.act_due(kind, row.received_on, working_calendar(), has_processors=True)
        row.act_due_on = max(row.act_due_on, due)
    keep(row)
    tell_person(
        request=row,
        topic="data_request_answered",
        now=now,
        act_due_on=row.act_due_on.isoformat(),
    )
    return row
