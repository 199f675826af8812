"""A time at the counter is kept for somebody, who is given a code and no form to fill in."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from citizens.models import Official
from citizens.selectors import working_calendar
from dossiers.models import Appointment, ServiceGroup
from portal.common import clock
from portal.common.errors import RefusedError

_AHEAD = timedelta(days=60)
_TRIES = 20
# The usual hours of an office: from, to. Nobody is given a time outside them.
_HOURS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))


def book_appointment(
    *, group: ServiceGroup, starts_at: datetime, official: Official, now: datetime
) -> Appointment:
    """Return a new appointment; RefusedError for a time that is over, too far, closed, or taken."""
    day = clock.civil_date(starts_at)
    if not now < starts_at < now + _AHEAD:
        raise RefusedError(_("Choose a time within the next 60 days."))
    if not working_calendar().is_working(day):
        raise RefusedError(_("The counter is closed on this day."))
    at = clock.civil_time(starts_at).time()
    if not any(opens <= at < closes for opens, closes in _HOURS):
        raise RefusedError(_("The counters serve from 7:30 to 11:30 and from 13:30 to 17:00."))
    if Appointment.objects.filter(group=group, starts_at=starts_at).exists():
        raise RefusedError(_("This time is taken. Please choose another one."))
    for _try in range(_TRIES):
        code = f"{secrets.randbelow(1_000_000):06d}"
        try:
            with transaction.atomic():
                return Appointment.objects.create(
                    hall=group.hall,
                    group=group,
                    day=day,
                    starts_at=starts_at,
                    code=code,
                    official=official,
                )
        except IntegrityError:
            continue
    raise RefusedError(_("This time is taken. Please choose another one."))
