"""Reads about cases of values in doubt: whose, who may settle them, what was corrected."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from citizens.enums import FactTable, Role
from citizens.models import (
    Agency,
    Citizen,
    Correction,
    Credential,
    Discrepancy,
    Party,
    Register,
    RegisterRecord,
    User,
)
from citizens.selectors.officials import is_family_of, roles_of
from citizens.selectors.places import STAND_INS, line_of, unit_of
from citizens.selectors.stored_values import Origin

SETTLERS = frozenset({Role.DATA_STEWARD, Role.CASE_OFFICER, Role.HEAD_OF_UNIT, Role.ADMINISTRATOR})


def cases_of(*, parties: Collection[int]) -> QuerySet[Discrepancy]:
    """Return the cases about these parties, open ones first, then the latest."""
    rows = Discrepancy.objects.filter(subject__in=parties)
    joined = rows.select_related("register", "other_register", "owner", "subject")
    return joined.order_by(F("decided_at").desc(nulls_first=True), "-opened_on", "-pk")


def open_cases(*, origins: Iterable[Origin]) -> dict[Origin, Discrepancy]:
    """Return the open case about each of these stored values that has one (one query)."""
    wanted = set(origins)
    rows = Discrepancy.objects.open().filter(object_id__in={origin.object_id for origin in wanted})
    found = by_origin(rows.select_related("owner"))
    return {origin: case for origin, case in found.items() if origin in wanted}


def origins_about(*, parties: Collection[int], origins: Iterable[Origin]) -> set[Origin]:
    """Return those of `origins` whose values are about one of `parties`.

    Two queries at most, none where each says whose it is.
    """
    wanted = set(origins)
    known = {origin for origin in wanted if origin.whose in parties}
    papers = Credential.objects.filter(holder__in=parties)
    records = RegisterRecord.objects.filter(subject__in=parties)
    asked = {origin for origin in wanted if origin.whose is None}
    theirs: dict[FactTable, set[int]] = {
        FactTable.CITIZEN: set(parties),
        FactTable.ORGANISATION: set(parties),
        FactTable.CREDENTIAL: _among(papers, asked, FactTable.CREDENTIAL),
        FactTable.RECORD: _among(records, asked, FactTable.RECORD),
    }
    return known | {origin for origin in asked if origin.object_id in theirs[origin.table]}


def _among(rows: QuerySet[Any], wanted: set[Origin], table: FactTable) -> set[int]:
    keys = {origin.object_id for origin in wanted if origin.table == table}
    return set(rows.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()


def contests_of(*, citizen: Citizen) -> QuerySet[Discrepancy]:
    """Return what `citizen` contests and nobody has decided."""
    return Discrepancy.objects.open().filter(raised_by__citizen=citizen)


def by_origin(cases: Iterable[Discrepancy]) -> dict[Origin, Discrepancy]:
    """Return cases by the stored value that is in doubt."""
    return {_origin_of(case): case for case in cases}


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


def _origin_of(case: Discrepancy) -> Origin:
    return Origin(FactTable(case.table), case.object_id, case.column)


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
    speakers = party.represented_by.standing(day).values_list("actor_id", flat=True)
    return is_family_of(user=user, concerned=[party.pk, *speakers], day=day)


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
