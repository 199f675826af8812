"""Say no to a request, with the law that says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import DataRequest, User
from citizens.workflow import RequestAction
from dossiers.services.request_steps import cleaned, keep, step_on, tell_person
from portal.common import clock


@transaction.atomic
def refuse_data_request(
    *,
    request: DataRequest,
    user: User,
    version: int,
    reason: str,
    legal_basis: str,
    now: datetime,
) -> DataRequest:
    """Refuse the request for `reason`, naming the provision, and tell the person.

    Errors are those of `step_on`; RefusedError where reason or provision is missing.
    """
    why = cleaned(reason, missing=_("Please give the reason; the citizen will read it."))
    law = cleaned(legal_basis, missing=_("Please name the provision that allows the refusal."))
    day = clock.civil_date(now)
    row = step_on(request=request, action=RequestAction.REFUSE, user=user, version=version, day=day)
    row.answer_enc = row.seal("answer_enc", f"{why}\n\n{law}")
    row.answered_at = row.finished_at = now
    keep(row)
    tell_person(request=row, topic="data_request_refused", now=now)
    return row
