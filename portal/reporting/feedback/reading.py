"""Which feedback an official reads, may assign or answer, and what the index counts of it."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, When
from django.db.models.functions import Coalesce

from citizens.enums import Role
from citizens.models import Agency, Unit, User
from citizens.selectors import line_of, roles_of
from dossiers.enums import Satisfaction
from portal.reporting.feedback.enums import FeedbackState
from portal.reporting.feedback.models import Feedback, FeedbackStep
from portal.reporting.overdue.directives import units_below
from portal.reporting.selectors.settled import Months

ASSIGNERS = frozenset({Role.PROVINCIAL_LEADER, Role.HEAD_OF_UNIT})
ANSWERERS = frozenset({Role.CASE_OFFICER, Role.HEAD_OF_UNIT})
_WHOLE_UNITS = frozenset({Role.PROVINCIAL_LEADER, Role.ADMINISTRATOR})
_CASEWORK = ANSWERERS | {Role.RECEPTIONIST}


def feedback_for(*, user: User, day: date) -> QuerySet[Feedback]:
    """Return what somebody may read: of their own office, and of the units that they lead.

    Heads read what waits to be assigned in their units; what names no unit only leaders do.
    """
    rows = Feedback.objects.select_related("unit", "agency__unit")
    if user.is_superuser:
        return rows
    grants = roles_of(user=user, day=day)
    whole = units_below(grants, _WHOLE_UNITS).values("pk")
    seen = Q(agency__unit__in=whole) | Q(agency=None, unit__in=whole)
    if any(grant.role in _WHOLE_UNITS for grant in grants):
        seen |= Q(agency=None, unit=None)
    heads = units_below(grants, {Role.HEAD_OF_UNIT}).values("pk")
    seen |= Q(agency=None, unit__in=heads)
    official = getattr(user, "official", None)
    if official is not None and any(grant.role in _CASEWORK for grant in grants):
        seen |= Q(agency=official.agency_id)
    return rows.filter(seen)


def with_steps(rows: QuerySet[Feedback]) -> QuerySet[Feedback]:
    """Add the steps in their order."""
    steps = FeedbackStep.objects.select_related("by", "agency").order_by("pk")
    return rows.prefetch_related(Prefetch("steps", queryset=steps))


def offices_to_assign(*, feedback: Feedback, user: User, day: date) -> QuerySet[Agency]:
    """Return the offices that somebody may give it to, those of its unit first."""
    units = (
        Unit.objects.all()
        if user.is_superuser
        else units_below(roles_of(user=user, day=day), ASSIGNERS)
    )
    rows = Agency.objects.filter(valid__contains=day, unit__in=units.values("pk"))
    first = Case(When(unit=feedback.unit_id, then=0), default=1)
    return rows.exclude(pk=feedback.agency_id or 0).order_by(first, "name_vi", "pk")


def may_assign(*, feedback: Feedback, agency: Agency, user: User, day: date) -> bool:
    """Return whether somebody reads it and leads the unit of the office that is to have it."""
    if not feedback_for(user=user, day=day).filter(pk=feedback.pk).exists():
        return False
    return offices_to_assign(feedback=feedback, user=user, day=day).filter(pk=agency.pk).exists()


def may_answer(*, feedback: Feedback, user: User, day: date) -> bool:
    """Return whether somebody works on cases in the very office that has it."""
    official = getattr(user, "official", None)
    if official is None or feedback.agency is None or official.agency_id != feedback.agency_id:
        return False
    units = line_of(feedback.agency.unit)
    return any(
        grant.role in ANSWERERS and grant.unit_id in units for grant in roles_of(user=user, day=day)
    )


def counts_by_unit(*, months: Months) -> list[tuple[int | None, int, int, int]]:
    """Return of each unit (None: not known): answered in time, well received, and how many count.

    Of what was received in the months counts what is answered, or was due before the period's last
    day had ended. In time is what was answered until its day; well received what was, and was not
    rated as dissatisfying.
    """
    rows = Feedback.objects.filter(received_on__range=(months.first, months.last))
    counted = rows.filter(Q(state=FeedbackState.ANSWERED) | Q(due_on__lte=months.until))
    in_time = Q(answered_on__lte=F("due_on"))
    well = in_time & ~Q(rating=Satisfaction.DISSATISFIED)
    grouped = counted.order_by().values_list(Coalesce("agency__unit_id", "unit_id"))
    return list(
        grouped.annotate(
            in_time=Count("pk", filter=in_time), well=Count("pk", filter=well), number=Count("pk")
        )
    )
