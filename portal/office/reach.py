"""Rows about parties of an official's units: one question, asked from whichever end is shorter."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from citizens.enums import Role
from citizens.models import Citizen, Household, Organisation
from portal.office.names import SUBJECT_UNITS, through
from portal.office.standing import Standing

Rows = TypeVar("Rows", bound=QuerySet[Any])


def of_parties(rows: Rows, path: str, standing: Standing, roles: Collection[Role]) -> Rows:
    """Return the rows whose party (at `path`) belongs to a unit granted to one of `roles`.

    A commune's people are few: their rows are found by their keys. A city's are nearly everybody:
    its rows are read in turn, and nearly each one counts. Asked the other way round, a list of a
    million messages took a second for a commune and eight for a city.
    """
    communes = standing.communes(roles)
    if communes:
        people, *others = (
            model.objects.order_by().filter(unit__in=communes).values("pk")
            for model in (Citizen, Organisation, Household)
        )
        return rows.filter(**{f"{path}__in": people.union(*others, all=True)})
    units = standing.units(roles).values("pk")
    here = Q()
    for end in through(path, SUBJECT_UNITS):
        here |= Q(**{f"{end}__in": units})
    return rows.filter(here)
