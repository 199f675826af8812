"""Helpers: who may file for a person who confirmed it. They act, but see nothing else of theirs."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from citizens.enums import AuthorityBasis
from citizens.models import Authority, Citizen, HelpRequest, Party
from citizens.selectors.people import may_act

_NAMED = ("helper", "person__party", "authority")


def standing_help(*, day: date) -> QuerySet[Authority]:
    """Return the help that holds on `day`, of living helpers for living people."""
    return Authority.objects.standing(day).filter(
        basis=AuthorityBasis.HELPER,
        actor__died_on__isnull=True,
        actor__survivor__isnull=True,
    )


def may_help(*, helper: Citizen, party: Party, procedure: str, day: date) -> bool:
    """Return whether `helper` may file the procedure with this key for `party` on `day`."""
    if not Citizen.objects.alive().filter(pk=party.pk).exists():
        return False
    rights = standing_help(day=day).filter(actor=helper, for_party=party)
    return any(not right.procedures or procedure in right.procedures for right in rights)


def only_helps(*, helper: Citizen, party: Party, day: date) -> bool:
    """Return whether `helper` helps `party` on `day` and may not act for them besides."""
    if may_act(actor=helper, party=party, day=day):
        return False
    return standing_help(day=day).filter(actor=helper, for_party=party).exists()


def helped_by(*, helper: Citizen, public_id: UUID, day: date) -> Party | None:
    """Return the party with this public id if `helper` helps them on `day`, else None."""
    rights = standing_help(day=day).filter(actor=helper)
    return Party.objects.filter(pk__in=rights.values("for_party"), public_id=public_id).first()


def help_given(*, helper: Citizen) -> QuerySet[HelpRequest]:
    """Return what the helper asked for and people agreed to, the newest first."""
    rows = HelpRequest.objects.filter(helper=helper, authority__isnull=False)
    return rows.select_related(*_NAMED)


def help_received(*, person: Citizen) -> QuerySet[HelpRequest]:
    """Return to whom the person agreed, the newest first."""
    rows = HelpRequest.objects.filter(person=person, authority__isnull=False)
    return rows.select_related(*_NAMED)


def help_asked_of(*, person: Citizen, now: datetime) -> QuerySet[HelpRequest]:
    """Return what the person may agree to or refuse now."""
    rows = HelpRequest.objects.filter(person=person, authority__isnull=True)
    return rows.filter(refused_at__isnull=True, expires_at__gt=now).select_related(*_NAMED)
