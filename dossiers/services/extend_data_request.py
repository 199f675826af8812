"""Move the day by which a request is carried out: once, in time, with a reason."""

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
from portal.common.errors import RefusedError

LONGEST_REASON = 300


@transaction.atomic
def extend_data_request(
    *,
    request: DataRequest,
    user: User,
    version: int,
    days: int,
    reason: str,
    now: datetime,
) -> DataRequest:
    """Extend the time for carrying it out by `days` calendar days and tell the person why.

    The day for answering does not move. Errors are those of `step_on`; RefusedError for a second
    extension, after the due date, for more days than the law allows, and without a reason.
    """
    why = cleaned(reason, missing=_("Please give the reason; the citizen will read it."))
    if len(why) > LONGEST_REASON:
        raise RefusedError(
            _("The text is longer than %(count)d characters.") % {"count": LONGEST_REASON}
        )
    day = clock.civil_date(now)
    row = step_on(request=request, action=RequestAction.EXTEND, user=user, version=version, day=day)
    if row.is_extended:
        raise RefusedError(_("The time was extended already; the law allows it once."))
    if day > row.act_due_on:
        raise RefusedError(_("The day has passed; it can no longer be extended."))
    kind = DataRequestKind(row.kind)
    try:
        row.act_due_on = sla.extended(kind, row.act_due_on, days, working_calendar())
    except ValueError:
        longest = sla.LONGEST_EXTENSION[kind]
        raise RefusedError(
            _("The law allows an extension of 1 to %(count)d days.") % {"count": longest}
        ) from None
    row.is_extended, row.extension_reason = True, why
    keep(row)
    tell_person(
        request=row,
        topic="data_request_extended",
        now=now,
        act_due_on=row.act_due_on.isoformat(),
    )
    return row
