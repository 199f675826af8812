"""Fee, time, appointment and office of a procedure, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citizens.models import Unit
from citizens.selectors import office_and_calendar
from dossiers import sla
from dossiers.selectors import limit_of
from portal.common import clock
from portal.common.calendar import WorkingCalendar
from portal.web.templatetags.portal_format import told_fee, vi_date
from procedures.definition import ProcedureDefinition
from procedures.definition.laws import law_name
from procedures.enums import FilingChannel, TimeUnit
from procedures.models import ProcedureVersion
from procedures.rules import fee_for, possible_fees


def terms_of(
    definition: ProcedureDefinition,
    *,
    channel: FilingChannel,
    unit: Unit | None,
    now: datetime,
    decide_by: date | None = None,
    is_expected: bool = True,
    answers: Mapping[str, str] | None = None,
) -> list[tuple[str, str]]:
    """Return fee, time, appointment and office of what is filed at `now`.

    `unit` is where the owner lives or has its seat; `decide_by` the day by which the law wants a
    decision. Without `is_expected` no appointment is told. `answers` say which fee it is.
    """
    day = clock.civil_date(now)
    told = [
        (_("Fee"), fee_told(definition, channel, day, answers or {})),
        *fee_reason(definition, channel, day, answers or {}),
        (_("Time"), time_told(definition)),
    ]
    kind = definition.competent_agency.key
    office, calendar = office_and_calendar(kind=kind, unit=unit, day=day)
    expected = _expected_on(definition, decide_by, now, calendar) if is_expected else None
    if expected is not None:
        told.append((_("If you file today"), _("Result on %(day)s") % {"day": vi_date(expected)}))
    if office is not None:
        told.append((_("Decided by"), office.name_vi))
    return told


def fee_reason(
    definition: ProcedureDefinition,
    channel: FilingChannel,
    day: date,
    answers: Mapping[str, str],
) -> list[tuple[str, str]]:
    """Return why the fee is this one, where another is taken at an office; nothing elsewhere."""
    if channel == FilingChannel.DIRECT or FilingChannel.DIRECT not in definition.channels:
        return []
    fees = {
        way: fee_for(definition=definition, channel=way, case=None, day=day, answers=answers)
        for way in (channel, FilingChannel.DIRECT)
    }
    here, office = fees[channel], fees[FilingChannel.DIRECT]
    if here is None or office is None or here.amount_vnd == office.amount_vnd:
        return []
    told = _("The amount for filing online%(law)s. Filed at an office it is %(fee)s%(office_law)s.")
    words = told % {
        "law": f" ({law_name(here.basis)})" if here.basis else "",
        "fee": told_fee(office.amount_vnd),
        "office_law": f" ({law_name(office.basis)})" if office.basis else "",
    }
    if "fees" in definition.unverified:
        words = f"{words} {_('The portal has not yet had these amounts confirmed.')}"
    return [(_("Why this fee"), words)]


def later_terms(
    version: ProcedureVersion, now: datetime, answers: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return fee and time of what is filed by itself later, as they are told at `now`."""
    definition = ProcedureDefinition.from_json(version.definition)
    fee = fee_told(definition, FilingChannel.ONLINE, clock.civil_date(now), answers)
    return [(_("Fee"), fee), (_("Time"), time_told(definition))]


def online_fee(version: ProcedureVersion, now: datetime, answers: Mapping[str, str]) -> int | None:
    """Return what a dossier filed online at `now` costs; None where the catalogue names no fee."""
    definition, day = ProcedureDefinition.from_json(version.definition), clock.civil_date(now)
    fee = fee_for(
        definition=definition, channel=FilingChannel.ONLINE, case=None, day=day, answers=answers
    )
    return fee.total_vnd(answers) if fee else None


def fee_told(
    definition: ProcedureDefinition,
    channel: FilingChannel,
    day: date,
    answers: Mapping[str, str] | None = None,
) -> str:
    """Return the fee of a dossier that comes in by `channel` on `day`, with these answers.

    Of a fee for each copy the sum is told once it is known how many are wished; of fees by case
    all, while the answers leave it open.
    """
    possible = possible_fees(definition.fees, channel=channel, day=day, answers=answers or {})
    if len(possible) > 1:
        told = [
            told_fee(one.amount_vnd) + (f" ({one.case_vi})" if one.case_vi else "")
            for one in possible
        ]
        return _("%(fees)s, by what you answer") % {"fees": _(" or ").join(told)}
    fee = possible[0] if possible else None
    if fee is None or fee.per is None:
        return told_fee(fee.amount_vnd if fee else None)
    one, count = told_fee(fee.amount_vnd), (answers or {}).get(fee.per, "")
    if not count.isdecimal():
        return _("%(fee)s for each copy") % {"fee": one}
    return f"{told_fee(fee.total_vnd(answers or {}))} ({int(count)} × {one})"


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


def _expected_on(
    definition: ProcedureDefinition,
    decide_by: date | None,
    now: datetime,
    calendar: WorkingCalendar,
) -> date | None:
    """Return the appointment that a dossier filed at `now` would be given."""
    limit = limit_of(definition=definition, decide_by=decide_by)
    return sla.due_date(sla.expected_receipt(clock.civil_time(now), calendar), limit, calendar)
