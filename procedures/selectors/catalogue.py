"""Reads of the catalogue: what is in force on a civil date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from procedures.definition.rule import SCANNED
from procedures.enums import TriggerKind
from procedures.models import Bundle, Procedure, ProcedureVersion, RuleVersion
from procedures.models.catalogue import in_force


def version_in_force(*, procedure: Procedure, day: date) -> ProcedureVersion:
    """Return the version in force on the civil date `day`; DoesNotExist where there is none."""
    versions = ProcedureVersion.objects.filter(in_force(day)).select_related("procedure")
    return versions.get(procedure=procedure)


def rules_in_force(*, day: date, kinds: Sequence[TriggerKind] = SCANNED) -> QuerySet[RuleVersion]:
    """Return the versions that hold on `day` of active rules of these kinds, in order of key.

    Not those whose offer no longer holds: a procedure of which no version is in force on `day`, or
    a bundle whose filing procedure (else the procedure of its first step) has none.
    """
    versions = RuleVersion.objects.filter(in_force(day)).select_related(
        "rule__procedure", "rule__bundle"
    )
    filed = ProcedureVersion.objects.filter(in_force(day))
    code = Coalesce(KT("definition__linked_procedure"), KT("definition__steps__0__procedure"))
    bundles = Bundle.objects.order_by().alias(filed_by=code)
    offered = Q(rule__procedure__in=filed.order_by().values("procedure")) | Q(
        rule__bundle__in=bundles.filter(filed_by__in=filed.order_by().values("procedure__code"))
    )
    active = versions.filter(offered, rule__is_active=True, rule__kind__in=kinds)
    return active.order_by("rule__key")


def offered_codes(bundle: Bundle) -> list[str]:
    """Return the codes of a bundle's filing procedure and of the step that it begins with."""
    first = next(iter(bundle.definition["steps"]), None)
    codes = [bundle.definition["linked_procedure"], first and first["procedure"]]
    return [code for code in codes if code]
