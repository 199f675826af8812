"""Reads about officials: what they may do and see, and at whom they looked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from citizens.models import AccessLog, Citizen, Grant, Official, Relation, Unit, User
from portal.common.sql import ask_together


def views_of(*, citizen: Citizen) -> QuerySet[AccessLog]:
    """Return who looked at `citizen`, newest first, with the official and the office."""
    return AccessLog.objects.filter(subject_ids__contains=[citizen.pk]).select_related(
        "actor", "office"
    )


def grants_on(day: date) -> QuerySet[Grant]:
    """Return the confirmed grants that hold on `day`, of accounts that are open."""
    return Grant.objects.standing(day).filter(official__user__is_active=True)


def roles_of(*, user: User, day: date) -> list[Grant]:
    """Return the confirmed grants that an official holds on `day`; a citizen has none."""
    mine = grants_on(day).filter(official=user.pk)
    return list(mine.select_related("unit").order_by("pk"))


def visible_units(*, user: User, day: date) -> QuerySet[Unit]:
    """Return the units of the grants that `user` holds on `day`, with everything below them."""
    if user.is_superuser:
        return Unit.objects.all()
    mine = grants_on(day).filter(official=user.pk)
    roots = mine.values("unit")
    return Unit.objects.filter(Q(pk__in=roots) | Q(parent__in=roots) | Q(parent__parent__in=roots))


def is_family_of(*, user: User, concerned: Sequence[int], day: date) -> bool:
    """Return whether the official is one of the people `concerned`, or their close kin."""
    official = getattr(user, "official", None)
    if official is None:
        return False
    return bool(family_among(official=official, concerned=concerned, day=day))


def family_among(*, official: Official, concerned: Collection[int], day: date) -> set[int]:
    """Return those of the people `concerned` who are the official or their close kin (one query).

    None, and no query, of an official whose own number nobody entered.
    """
    if official.self_pin_index is None:
        return set()
    me = Citizen.objects.filter(pin_index=official.self_pin_index)
    kin = Relation.objects.filter(valid__contains=day)
    above = kin.filter(relative__in=concerned, person__in=me).values_list("relative_id", flat=True)
    below = kin.filter(person__in=concerned, relative__in=me).values_list("person_id", flat=True)
    myself = me.filter(pk__in=concerned).values_list("pk", flat=True)
    ask_together(above, below, myself)
    return {*above, *below, *myself}
