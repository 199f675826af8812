"""Reads of the facts' room. `day` is always a civil date (Asia/Ho_Chi_Minh) of the caller's."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from citizens.enums import AuthorityBasis
from citizens.models import (
    AccessLog,
    Agency,
    Authority,
    Citizen,
    Credential,
    Grant,
    Holiday,
    Household,
    Party,
    Unit,
    User,
)
from portal.common.calendar import WorkingCalendar
from portal.common.errors import PortalError


class AgencyMissingError(PortalError):
    """No office of that kind serves the unit: agencies are not loaded, or it closed."""


def acting_for(*, actor: Citizen, day: date) -> QuerySet[Party]:
    """Return the living parties, not counting themselves, that `actor` may act for on `day`."""
    standing = Authority.objects.standing(day).filter(actor=actor, actor__died_on__isnull=True)
    return Party.objects.filter(
        Q(citizen__isnull=True) | Q(citizen__died_on__isnull=True, citizen__survivor__isnull=True),
        pk__in=standing.values("for_party"),
    )


def may_act(*, actor: Citizen, party: Party, day: date) -> bool:
    """Return whether `actor` may see and act for `party` on `day`: self or by a standing right."""
    if actor.died_on is not None or actor.survivor_id is not None:
        return False
    return actor.pk == party.pk or acting_for(actor=actor, day=day).filter(pk=party.pk).exists()


def guardians_of(*, citizen: Citizen, day: date) -> QuerySet[Citizen]:
    """Return the living parents and guardians who may act for `citizen` on `day`, eldest first."""
    standing = Authority.objects.standing(day).filter(
        for_party=citizen.party_id, basis__in=(AuthorityBasis.PARENT, AuthorityBasis.GUARDIAN)
    )
    return (
        Citizen.objects.alive().filter(pk__in=standing.values("actor")).order_by("birth_date", "pk")
    )


def household_of(*, citizen: Citizen, day: date) -> Household | None:
    """Return the household in which `citizen` is registered on `day`."""
    return Household.objects.filter(members__citizen=citizen, members__valid__contains=day).first()


def credentials_of(*, party: Party) -> QuerySet[Credential]:
    """Return the standing papers of `party`, those that run out first in front."""
    standing = Credential.objects.live().filter(holder=party).select_related("register")
    return standing.order_by("expires_on", "kind", "pk")


def views_of(*, citizen: Citizen) -> QuerySet[AccessLog]:
    """Return who looked at `citizen`, newest first, with the official and the office."""
    return AccessLog.objects.filter(subject_ids__contains=[citizen.pk]).select_related(
        "actor", "office"
    )


def roles_of(*, user: User, day: date) -> list[Grant]:
    """Return the confirmed grants that an official holds on `day`; a citizen has none."""
    standing = Grant.objects.standing(day).filter(official=user.pk, official__user__is_active=True)
    return list(standing.select_related("unit").order_by("pk"))


def visible_units(*, user: User, day: date) -> QuerySet[Unit]:
    """Return the units of the grants that `user` holds on `day`, with everything below them."""
    if user.is_superuser:
        return Unit.objects.all()
    mine = Grant.objects.standing(day).filter(official=user.pk, official__user__is_active=True)
    roots = mine.values("unit")
    return Unit.objects.filter(Q(pk__in=roots) | Q(parent__in=roots) | Q(parent__parent__in=roots))


def competent_agency(*, kind: str, unit: Unit, day: date) -> Agency:
    """Return the office of `kind` in `unit` on `day`, else of the nearest unit above it.

    AgencyMissingError when none serves the unit. At most three look-ups: the tree has three levels.
    """
    place: Unit | None = unit
    while place is not None:
        found = Agency.objects.filter(kind=kind, unit=place, valid__contains=day).first()
        if found is not None:
            return found
        place = place.parent
    raise AgencyMissingError(f"No office of kind {kind} serves {unit.name_vi} on {day:%d/%m/%Y}.")


def working_calendar() -> WorkingCalendar:
    """Return the working calendar as officials see and correct it (one query)."""
    rows = Holiday.objects.values_list("day", "is_working")
    working = frozenset(day for day, is_working in rows if is_working)
    off = frozenset(day for day, is_working in rows if not is_working)
    return WorkingCalendar(days_off=off, working_days=working)
