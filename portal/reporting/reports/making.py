"""Make the reports of the week and month that ended, once each, and tell the heads of them."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from citizens.models import Agency, Unit, User
from dossiers.documents.typesetting import typeset
from notifications.services import enqueue
from portal.common import clock
from portal.reporting.overdue.directives import heads_of
from portal.reporting.reports.counting import Counted, counted, ended_before
from portal.reporting.reports.enums import Span
from portal.reporting.reports.facts import facts_of, period_words
from portal.reporting.reports.models import Report
from portal.reporting.reports.sheet import workbook
from portal.reporting.selectors.settled import Months
from portal.reporting.selectors.unit_work import heads_of as heads_of_unit

TOPIC = "report_ready"
_COUNTS = ("early", "on_time", "late", "overdue", "no_term")


def make_reports(*, now: datetime) -> int:
    """Make what is not made yet of the newest week and month that ended; return how many.

    Of who has nothing to report there is none. Each is kept and told in a transaction of its own,
    so a run that broke off is carried on by the next one.
    """
    return sum(_make_all(span, now) for span in Span)


def _make_all(span: Span, now: datetime) -> int:
    period = ended_before(clock.civil_date(now), span)
    found = counted(span=span, period=period)
    made = Report.objects.filter(span=span, first=period.first)
    key = "unit" if span is Span.WEEK else "agency"
    missing = set(found) - set(made.values_list(key, flat=True))
    if span is Span.WEEK:
        units = Unit.objects.filter(pk__in=missing).order_by("pk")
        return sum(_make(found[one.pk], period, one, None, now) for one in units)
    offices = Agency.objects.filter(pk__in=missing).select_related("unit").order_by("pk")
    return sum(_make(found[one.pk], period, one.unit, one, now) for one in offices)


@transaction.atomic
def _make(
    tallied: Counted, period: Months, unit: Unit, agency: Agency | None, now: datetime
) -> bool:
    """Keep one report and tell its heads; False where somebody else has just made it."""
    span = Span.MONTH if agency else Span.WEEK
    day = clock.civil_date(now)
    facts = facts_of(tallied, span=span, period=period, whose=agency or unit, today=day)
    pdf, xlsx = typeset("figures_report", facts, at=now).pdf, workbook(facts, at=now)
    report, is_new = Report.objects.get_or_create(
        span=span,
        first=period.first,
        unit=unit,
        agency=agency,
        defaults={
            "last": period.last,
            "figures": {one: getattr(tallied.whole, one) for one in _COUNTS},
            "pdf": pdf,
            "pdf_digest": sha256(pdf).hexdigest(),
            "xlsx": xlsx,
            "xlsx_digest": sha256(xlsx).hexdigest(),
            "made_at": now,
        },
    )
    if is_new:
        told = {"vi": period_words(period, span), "en": f"{period.first} – {period.last}"}
        for user in _heads(report, now):
            enqueue(
                topic=TOPIC,
                params={"period": told},
                dedupe_key=f"report:{report.pk}:{user.pk}",
                due_at=now,
                user=user,
            )
    return is_new


def _heads(report: Report, now: datetime) -> list[User]:
    """Return the accounts in use of who leads the office, or an office of the unit."""
    day = clock.civil_date(now)
    if report.agency:
        return [one.user for one in heads_of(agency=report.agency, day=day)]
    grants = heads_of_unit(unit=report.unit, day=day)
    users = {grant.official.user for grant in grants if grant.official.user.is_active}
    return sorted(users, key=lambda user: user.pk)
