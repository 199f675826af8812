"""Reads about incidents of personal data: who may see them, and whose data was touched."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, F, Func, Q, QuerySet

from citizens.models import AccessLog, Breach, Citizen, Credential, RegisterRecord


def open_breaches() -> QuerySet[Breach]:
    """Return the incidents that are not closed, those to be reported first."""
    return Breach.objects.filter(closed_at=None).order_by(
        F("reported_at").asc(nulls_first=True), "found_at", "pk"
    )


def closed_breaches() -> QuerySet[Breach]:
    """Return the incidents that are over, the last first."""
    return Breach.objects.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")


def affected_by(breach: Breach, *, at_address: QuerySet[Any] | None = None) -> QuerySet[Citizen]:
    """Return the people whose data an incident touched, by name; one query when it is read.

    `at_address` are the keys of the views of the log that came from the incident's address: the log
    itself keeps none. What is looked up in handling the incident is no part of it.
    """
    people = Citizen.objects.order_by("name_sort", "pk")
    if breach.actor_id is not None or breach.address:
        people = people.filter(pk__in=_seen(breach, at_address))
    if breach.register_id is not None:
        people = people.filter(_held_by(breach.register_id))
    return people


def _seen(breach: Breach, at_address: QuerySet[Any] | None) -> QuerySet[Any]:
    """Return the keys of the parties shown in the looks that are meant."""
    looks = AccessLog.objects.filter(recorded_at__gte=breach.since).exclude(reference=breach.code)
    if breach.until is not None:
        looks = looks.filter(recorded_at__lte=breach.until)
    if breach.actor_id is not None:
        looks = looks.filter(actor=breach.actor_id)
    if breach.address:
        looks = looks.none() if at_address is None else looks.filter(pk__in=at_address)
    shown = Func(F("subject_ids"), function="unnest", output_field=BigIntegerField())
    return looks.order_by().values_list(shown, flat=True)


def _held_by(register: str) -> Q:
    holders = Credential.objects.filter(register=register).values("holder")
    subjects = RegisterRecord.objects.filter(register=register).values("subject")
    return Q(register=register) | Q(pk__in=holders) | Q(pk__in=subjects)
