"""Reads of the catalogue: what is in force on a civil date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from procedures.definition.rule import SCANNED
from procedures.enums import TriggerKind
from procedures.models import Procedure, ProcedureVersion, RuleVersion
from procedures.models.catalogue import in_force


def version_in_force(*, procedure: Procedure, day: date) -> ProcedureVersion:
    """Return the version in force on the civil date `day`; DoesNotExist where there is none."""
    versions = ProcedureVersion.objects.filter(in_force(day)).select_related("procedure")
    return versions.get(procedure=procedure)


def rules_in_force(*, day: date, kinds: Sequence[TriggerKind] = SCANNED) -> QuerySet[RuleVersion]:
    """Return the versions that hold on `day` of active rules of these kinds, in order of key."""
    versions = RuleVersion.objects.filter(in_force(day)).select_related(
        "rule__procedure", "rule__bundle"
    )
    return versions.filter(rule__is_active=True, rule__kind__in=kinds).order_by("rule__key")
