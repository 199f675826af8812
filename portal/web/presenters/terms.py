"""Fee, time, appointment and office of a procedure, in words."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citizens.models import Agency, Unit
from citizens.selectors import AgencyMissingError, competent_agency, working_calendar
from dossiers import sla
from dossiers.selectors import limit_of
from portal.common import clock
from portal.web.templatetags.portal_format import told_fee, vi_date
from procedures.definition import ProcedureDefinition
from procedures.enums import FilingChannel, TimeUnit
from procedures.rules import fee_for


def terms_of(
    definition: ProcedureDefinition,
    *,
    channel: FilingChannel,
    unit: Unit | None,
    now: datetime,
    decide_by: date | None = None,
    is_expected: bool = True,
) -> list[tuple[str, str]]:
    """Return fee, time, appointment and office of what is filed at `now`.

    `unit` is where the owner lives or has its seat; `decide_by` the day by which the law wants a
    decision. Without `is_expected` no appointment is told.
    """
    day = clock.civil_date(now)
    told = [
        (_("Fee"), fee_told(definition, channel, day)),
        (_("Time"), time_told(definition)),
    ]
    expected = _expected_on(definition, decide_by, now) if is_expected else None
    if expected is not None:
        told.append((_("If you file today"), _("Result on %(day)s") % {"day": vi_date(expected)}))
    office = office_of(definition, unit, day)
    if office is not None:
        told.append((_("Decided by"), office.name_vi))
    return told


def fee_told(definition: ProcedureDefinition, channel: FilingChannel, day: date) -> str:
    """Return the fee of a dossier that comes in by `channel` on `day`."""
    fee = fee_for(definition=definition, channel=channel, case=None, day=day)
    return told_fee(fee.amount_vnd if fee else None)


def time_told(definition: ProcedureDefinition) -> str:
    """Return the time that the agency has."""
    days, unit = definition.processing.days, definition.processing.unit
    if unit == TimeUnit.SAME_DAY:
        return _("The same day")
    if days is None:
        return _("No fixed time")
    if unit == TimeUnit.WORKING_DAY:
        words = ngettext("%(n)d working day", "%(n)d working days", days)
    else:
        words = ngettext("%(n)d day", "%(n)d days", days)
    return words % {"n": days}


def office_of(definition: ProcedureDefinition, unit: Unit | None, day: date) -> Agency | None:
    """Return the agency that decides for somebody of `unit`, None where none is known."""
    if unit is None:
        return None
    try:
        return competent_agency(kind=definition.competent_agency.key, unit=unit, day=day)
    except AgencyMissingError:
        return None


def _expected_on(
    definition: ProcedureDefinition, decide_by: date | None, now: datetime
) -> date | None:
    """Return the appointment that a dossier filed at `now` would be given."""
    limit = limit_of(definition=definition, decide_by=decide_by)
    calendar = working_calendar()
    return sla.due_date(sla.expected_receipt(clock.civil_time(now), calendar), limit, calendar)
