"""What an official may do today: the standing grants, read once a request."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import cast

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from citizens.enums import Role, UnitKind
from citizens.models import Unit, User
from citizens.selectors import roles_of
from dossiers.selectors import within_reach
from portal.common import clock
from portal.office.roles import EDITS, SEES, Desk

_REMEMBERED = "_office_standing"
_WITHOUT_PARTS = (UnitKind.COMMUNE, UnitKind.WARD, UnitKind.SPECIAL_ZONE)


@dataclass(frozen=True)
class Standing:
    """An official's roles on the civil date `day`, each with the unit over which it was granted.

    `everywhere` is the first administrator (a superuser), who holds that role in the whole country.
    `without_parts` are the granted units that have none below them: communes, wards, special zones.
    """

    user: User
    day: date
    grants: tuple[tuple[Role, int], ...]
    everywhere: bool = False
    without_parts: frozenset[int] = frozenset()

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held anywhere."""
        held = {role for role, _unit in self.grants}
        return frozenset(held | {Role.ADMINISTRATOR} if self.everywhere else held)

    @cached_property
    def reach(self) -> Q:
        """The dossiers of the queue's units and those covered for colleagues; read once."""
        return within_reach(units=self.units_of(Desk.QUEUE), user=self.user, day=self.day)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was granted."""
        return not self.roles

    def sees(self, desk: Desk) -> bool:
        """Return whether the desk may be opened."""
        return bool(self.roles & SEES[desk])

    def edits(self, desk: Desk) -> bool:
        """Return whether something may be changed on the desk."""
        return bool(self.roles & EDITS.get(desk, frozenset()))

    def units(self, roles: Collection[Role]) -> QuerySet[Unit]:
        """Return the units, and all below them, over which one of `roles` was granted."""
        if self.everywhere and Role.ADMINISTRATOR in roles:
            return Unit.objects.all()
        granted = [unit for role, unit in self.grants if role in roles]
        if not granted:
            return Unit.objects.none()
        above = Q(parent__in=granted) | Q(parent__parent__in=granted)
        return Unit.objects.filter(Q(pk__in=granted) | above)

    def communes(self, roles: Collection[Role]) -> list[int]:
        """Return the units over which one of `roles` was granted, where none has units below it.

        Empty as soon as one has: a list of every commune of a city helps nobody.
        """
        granted = {unit for role, unit in self.grants if role in roles}
        is_wide = self.everywhere or not granted <= self.without_parts
        return [] if is_wide else sorted(granted)

    def units_of(self, desk: Desk) -> QuerySet[Unit]:
        """Return the units whose rows the official sees on the desk."""
        return self.units(SEES[desk])

    def units_edited(self, desk: Desk) -> QuerySet[Unit]:
        """Return the units whose rows the official may change on the desk."""
        return self.units(EDITS.get(desk, frozenset()))


def standing_on(user: User, day: date) -> Standing:
    """Return what was granted to `user` for `day`; one query, none for people without a desk."""
    if not user.is_authenticated or not user.is_staff:
        return Standing(user, day, ())
    held = roles_of(user=user, day=day)
    return Standing(
        user,
        day,
        tuple((Role(one.role), one.unit_id) for one in held),
        everywhere=user.is_superuser,
        without_parts=frozenset(one.unit_id for one in held if one.unit.kind in _WITHOUT_PARTS),
    )


def standing_of(request: HttpRequest) -> Standing:
    """Return today's standing of whoever makes the request, remembered for the request."""
    known = getattr(request, _REMEMBERED, None)
    if known is None or known.user != request.user:
        known = standing_on(cast(User, request.user), clock.today())
        setattr(request, _REMEMBERED, known)
    return cast(Standing, known)
