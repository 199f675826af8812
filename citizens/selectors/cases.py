"""Reads about cases of values in doubt: whose, who may settle them, what was corrected."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet

from citizens.enums import FactTable, Role
from citizens.models import (
    Agency,
    Citizen,
    Correction,
    Discrepancy,
    Party,
    Register,
    Relation,
    User,
)
from citizens.selectors.officials import roles_of
from citizens.selectors.places import STAND_INS, line_of, unit_of
from citizens.selectors.stored_values import Origin

SETTLERS = frozenset({Role.DATA_STEWARD, Role.CASE_OFFICER, Role.HEAD_OF_UNIT, Role.ADMINISTRATOR})


def cases_of(*, parties: Collection[int]) -> QuerySet[Discrepancy]:
    """Return the cases about these parties, open ones first, then the latest."""
    rows = Discrepancy.objects.filter(subject__in=parties)
    joined = rows.select_related("register", "other_register", "owner", "subject")
    return joined.order_by("decided_at", "-opened_on", "-pk")


def open_cases(*, origins: Iterable[Origin]) -> dict[Origin, Discrepancy]:
    """Return the open case about each of these stored values that has one (one query)."""
    wanted = set(origins)
    rows = Discrepancy.objects.open().filter(object_id__in={origin.object_id for origin in wanted})
    found = {
        Origin(FactTable(case.table), case.object_id, case.column): case
        for case in rows.select_related("owner")
    }
    return {origin: case for origin, case in found.items() if origin in wanted}


def standing_corrections(*, table: FactTable) -> QuerySet[Correction]:
    """Return the corrections of `table` that its registers have not taken over yet.

    For the import: join them to the staged rows by `object_id` and `column` before writing. Where
    the delivery states `replaced` again, keep what is stored (`value`). Where it states `value`,
    the register has caught up: set `settled_at`. Where it states a third value, keep what is stored
    and open a discrepancy (`citizens.services.open_discrepancies`) with the third one as stated.

    Both values are what PostgreSQL writes for the column as text: compare with
    ``coalesce(column::text, '')``, write ``nullif(value, '')::date`` and the like. A name is
    `full_name` whole, its parts follow from it. A birth date whose precision was corrected too has
    a second row for `birth_precision`. For a record `column` is the path in its body, for a paper
    ``details.`` and the path in its details; steps are separated by dots.
    """
    return Correction.objects.filter(table=table, settled_at__isnull=True).order_by("pk")


def may_settle(*, case: Discrepancy, user: User, day: date) -> bool:
    """Return whether a role of `user` reaches the unit of the case's owner on `day`."""
    if user.is_superuser:
        return True
    line = line_of(case.owner.unit)
    return any(
        grant.role in SETTLERS and grant.unit_id in line for grant in roles_of(user=user, day=day)
    )


def is_self_or_family(*, user: User, party: Party, day: date) -> bool:
    """Return whether the official is `party`, speaks for it, or is close kin of either."""
    official = getattr(user, "official", None)
    if official is None or official.self_pin_index is None:
        return False
    concerned = [party.pk, *party.represented_by.standing(day).values_list("actor_id", flat=True)]
    kin = Relation.objects.filter(valid__contains=day)
    close = (
        Q(pk__in=concerned)
        | Q(pk__in=kin.filter(relative__in=concerned).values("person"))
        | Q(pk__in=kin.filter(person__in=concerned).values("relative"))
    )
    return Citizen.objects.filter(close, pin_index=official.self_pin_index).exists()


def possible_owners(*, case: Discrepancy, day: date) -> QuerySet[Agency]:
    """Return the offices that a case may be handed to: stewards of registers where its subject is.

    The committees of the commune and the city count among them; the present owner does not.
    """
    unit = unit_of(party=case.subject)
    kinds = Register.objects.exclude(steward_kind=None).values("steward_kind")
    offices = Agency.objects.filter(
        Q(kind__in=kinds) | Q(kind__in=STAND_INS), unit__in=line_of(unit), valid__contains=day
    )
    return offices.exclude(pk=case.owner_id).order_by("name_vi", "pk")
