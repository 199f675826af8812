"""Reads about officials: what they may do and see, and at whom they looked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from citizens.models import AccessLog, Citizen, Grant, Relation, Unit, User


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


def is_family_of(*, user: User, concerned: Sequence[int], day: date) -> bool:
    """Return whether the official is one of the people `concerned`, or their close kin."""
    official = getattr(user, "official", None)
    if official is None or official.self_pin_index is None:
        return False
    kin = Relation.objects.filter(valid__contains=day)
    return (
        Citizen.objects.filter(pin_index=official.self_pin_index)
        .filter(
            Q(pk__in=concerned)
            | Q(pk__in=kin.filter(relative__in=concerned).values("person"))
            | Q(pk__in=kin.filter(person__in=concerned).values("relative"))
        )
        .exists()
    )
