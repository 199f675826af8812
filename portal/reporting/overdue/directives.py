"""Which directives somebody may read, and what they may do with one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from citizens.enums import Role
from citizens.models import Agency, Grant, Official, Unit, User
from citizens.selectors import line_of, roles_of
from dossiers.models import Dossier
from portal.reporting.models import CountedDossier
from portal.reporting.overdue.enums import DirectiveState
from portal.reporting.overdue.models import Directive, DirectiveStep
from portal.reporting.overdue.published import overdue_rows

LEADERS = frozenset({Role.PROVINCIAL_LEADER})
ANSWERERS = frozenset({Role.HEAD_OF_UNIT})
_CASEWORK = frozenset({Role.RECEPTIONIST, Role.CASE_OFFICER, Role.HEAD_OF_UNIT})
_WHOLE_UNITS = LEADERS | {Role.ADMINISTRATOR}


def directives_for(*, user: User, day: date) -> QuerySet[Directive]:
    """Return what somebody may read: of the units they lead, and of the office they work in."""
    rows = Directive.objects.select_related("agency__unit")
    if user.is_superuser:
        return rows
    grants = roles_of(user=user, day=day)
    led = Q(agency__unit__in=units_below(grants, _WHOLE_UNITS).values("pk"))
    official = getattr(user, "official", None)
    if official is not None and any(grant.role in _CASEWORK for grant in grants):
        led |= Q(agency=official.agency_id)
    return rows.filter(led)


def units_below(grants: Iterable[Grant], roles: Collection[str]) -> QuerySet[Unit]:
    """Return the units of the grants in `roles`, and all below them."""
    tops = [grant.unit_id for grant in grants if grant.role in roles]
    return Unit.objects.filter(Q(pk__in=tops) | Q(parent__in=tops) | Q(parent__parent__in=tops))


def with_steps(rows: QuerySet[Directive], *, today: date) -> QuerySet[Directive]:
    """Add the steps, how many dossiers each is about, and how many are overdue still."""
    still = Q(dossiers__counted_as__in=overdue_rows(today=today))
    steps = DirectiveStep.objects.select_related("by").order_by("pk")
    counted = rows.annotate(
        dossier_count=Count("dossiers", distinct=True),
        still_count=Count("dossiers", filter=still, distinct=True),
    )
    return counted.prefetch_related(Prefetch("steps", queryset=steps))


def may_direct(*, agency: Agency, user: User, day: date) -> bool:
    """Return whether somebody leads the unit of the office, or one above it."""
    units = line_of(agency.unit)
    return any(
        grant.role in LEADERS and grant.unit_id in units for grant in roles_of(user=user, day=day)
    )


def may_explain(*, directive: Directive, user: User, day: date) -> bool:
    """Return whether somebody is head of the very office that was asked."""
    official = getattr(user, "official", None)
    if official is None or official.agency_id != directive.agency_id:
        return False
    units = line_of(directive.agency.unit)
    return any(
        grant.role in ANSWERERS and grant.unit_id in units for grant in roles_of(user=user, day=day)
    )


def heads_of(*, agency: Agency, day: date) -> QuerySet[Official]:
    """Return who can answer for an office today."""
    standing = Grant.objects.standing(day).filter(
        official=OuterRef("pk"), role__in=ANSWERERS, unit__in=line_of(agency.unit)
    )
    rows = Official.objects.filter(Exists(standing), agency=agency, user__is_active=True)
    return rows.select_related("user").order_by("pk")


def overdue_of(*, agency: Agency, today: date) -> QuerySet[CountedDossier]:
    """Return the overdue dossiers of an office that no directive which is not done is about."""
    asked = Directive.objects.exclude(state=DirectiveState.DONE).filter(
        dossiers=OuterRef("dossier")
    )
    rows = overdue_rows(today=today).filter(dossier__competent=agency).exclude(Exists(asked))
    joined = rows.select_related("dossier__procedure_version")
    return joined.defer("dossier__form_enc", "dossier__procedure_version__definition").order_by(
        "due_on", "pk"
    )


def offices_overdue(*, units: QuerySet[Unit], today: date) -> list[tuple[Agency, int]]:
    """Return the offices of some units with overdue dossiers and how many, most first."""
    rows = overdue_rows(today=today).filter(dossier__competent__unit__in=units.values("pk"))
    counts = rows.order_by().values_list("dossier__competent").annotate(number=Count("pk"))
    found = dict(counts)
    agencies = Agency.objects.filter(pk__in=found).select_related("unit")
    return sorted(
        ((one, found[one.pk]) for one in agencies), key=lambda one: (-one[1], one[0].name_vi)
    )


def about_dossiers_of(*, official: Official, today: date) -> QuerySet[Directive]:
    """Return the directives not done about dossiers that are on somebody's desk."""
    mine = Dossier.objects.filter(directives=OuterRef("pk"), assignee=official)
    return Directive.objects.filter(Exists(mine), agency=official.agency_id).exclude(
        state=DirectiveState.DONE
    )
