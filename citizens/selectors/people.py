"""Reads about people: whom one acts for, who lives with whom, which papers stand."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from citizens.enums import AuthorityBasis, PartyKind
from citizens.models import Authority, Citizen, Credential, Household, Party

# Under row security a person who died may be a row that is not seen: not alive either.
LIVING = ~Q(kind=PartyKind.CITIZEN) | Q(
    citizen__birth_date__isnull=False, citizen__died_on__isnull=True, citizen__survivor__isnull=True
)


def name_of(party: Party) -> str:
    """Return the name of a person or an organisation, which must be loaded with the party."""
    match party.kind:
        case PartyKind.CITIZEN:
            return party.citizen.full_name
        case PartyKind.ORGANISATION:
            return party.organisation.name
        case _:
            return _("Your household")


def party_name(party: Party) -> str:
    """Return what others call a person, an organisation or a household."""
    if party.kind == PartyKind.CITIZEN:
        return party.citizen.full_name
    return str(party.organisation if party.kind == PartyKind.ORGANISATION else party.household)


def acting_for(*, actor: Citizen, day: date) -> QuerySet[Party]:
    """Return the living parties, not counting themselves, that `actor` may act for on `day`.

    Whom one only helps to file (`helping`) is not among them: a helper sees nothing else of theirs.
    """
    standing = Authority.objects.standing(day).filter(actor=actor, actor__died_on__isnull=True)
    standing = standing.exclude(basis=AuthorityBasis.HELPER)
    return Party.objects.filter(LIVING, pk__in=standing.values("for_party"))


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
