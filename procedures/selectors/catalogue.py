"""Reads of the catalogue: what is in force on a civil date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from procedures.definition.rule import SCANNED
from procedures.enums import TriggerKind, VersionStatus
from procedures.models import Bundle, BundleVersion, Procedure, ProcedureVersion, RuleVersion
from procedures.models.catalogue import in_force


def version_in_force(*, procedure: Procedure, day: date) -> ProcedureVersion:
    """Return the version in force on the civil date `day`; DoesNotExist where there is none."""
    versions = ProcedureVersion.objects.filter(in_force(day)).select_related("procedure")
    return versions.get(procedure=procedure)


def versions_in_force(*, day: date) -> QuerySet[ProcedureVersion]:
    """Return what is in force of every procedure on the civil date `day`, by name."""
    versions = ProcedureVersion.objects.filter(in_force(day)).select_related("procedure")
    return versions.order_by("name_vi", "pk")


def rules_in_force(*, day: date, kinds: Sequence[TriggerKind] = SCANNED) -> QuerySet[RuleVersion]:
    """Return the versions that hold on `day` of active rules of these kinds, in order of key.

    Not those whose offer no longer holds: a procedure of which no version is in force on `day`, or
    a bundle whose filing procedure (else the procedure of its first step) has none.
    """
    versions = RuleVersion.objects.filter(in_force(day)).select_related(
        "rule__procedure", "rule__bundle"
    )
    active = versions.filter(offered_on(day), rule__kind__in=kinds)
    return active.prefetch_related("rule__bundle__versions").order_by("rule__key")


def offered_on(day: date) -> Q:
    """Return the condition on rules' versions: the rule is active, and its offer holds on `day`."""
    filed = ProcedureVersion.objects.filter(in_force(day))
    code = Coalesce(KT("definition__linked_procedure"), KT("definition__steps__0__procedure"))
    bundles = BundleVersion.objects.order_by().filter(in_force(day)).alias(filed_by=code)
    filing = bundles.filter(filed_by__in=filed.order_by().values("procedure__code"))
    offer = Q(rule__procedure__in=filed.order_by().values("procedure")) | Q(
        rule__bundle__in=filing.values("bundle")
    )
    return offer & Q(rule__is_active=True)


def offered_codes(bundle: Bundle) -> list[str]:
    """Return the codes of a bundle's filing procedure and of the step that it begins with.

    Of every version that was ever released, the newest first: a dossier that was filed under an
    earlier one answers the offer too.
    """
    versions = [one for one in bundle.versions.all() if one.status == VersionStatus.RELEASED]
    versions.sort(key=lambda one: -one.number)
    codes = [code for one in versions for code in _filing_codes(one.definition)]
    return list(dict.fromkeys(codes))


def _filing_codes(definition: Mapping[str, Any]) -> list[str]:
    first = next(iter(definition["steps"]), None)
    codes = [definition["linked_procedure"], first and first["procedure"]]
    return [code for code in codes if code]
