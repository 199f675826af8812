"""Permanent residence was registered or struck off: who belongs to a household from that day on."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F

from citizens.enums import FactKind
from citizens.models import Citizen, FactChange, Household, HouseholdMember
from citizens.selectors import household_of


@transaction.atomic
def join_household(
    *, citizen: Citizen, household: Household, relation_to_head: str, day: date
) -> HouseholdMember:
    """Return the membership from `day` on; the one before ends, the address becomes the home's."""
    if (known := household_of(citizen=citizen, day=day)) is not None:
        if known.pk == household.pk:
            return HouseholdMember.objects.get(
                citizen=citizen, household=known, valid__contains=day
            )
        leave_household(citizen=citizen, day=day)
    member = HouseholdMember.objects.create(
        household=household,
        citizen=citizen,
        relation_to_head=relation_to_head[:40],
        valid=DateRange(day, None),
    )
    Citizen.objects.filter(pk=citizen.pk).update(
        permanent_address=household.address, unit=household.unit, version=F("version") + 1
    )
    _tell(citizen)
    return member


@transaction.atomic
def leave_household(*, citizen: Citizen, day: date) -> bool:
    """Let the person's membership end with `day`; return whether there was one."""
    members = HouseholdMember.objects.select_for_update(of=("self",))
    member = members.filter(citizen=citizen, valid__contains=day).first()
    if member is None:
        return False
    if member.valid.lower == day:
        member.delete()
    else:
        member.valid = DateRange(member.valid.lower, day)
        member.save(update_fields=["valid"])
    _tell(citizen)
    return True


def _tell(citizen: Citizen) -> None:
    FactChange.objects.create(kind=FactKind.CITIZEN, object_id=citizen.pk, subject_id=citizen.pk)
