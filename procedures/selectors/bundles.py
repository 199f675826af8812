"""What a rule offers: a procedure, or a bundle of several in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from procedures.definition import ProcedureDefinition
from procedures.definition.bundle import BundleDefinition
from procedures.definition.exemptions import Exemption
from procedures.definition.stated import answer, meets
from procedures.enums import Answer
from procedures.models import Bundle, BundleVersion, ProcedureVersion, Suggestion
from procedures.models.catalogue import in_force


@dataclass(frozen=True, slots=True)
class BundleStep:
    """One procedure of a bundle, in its order.

    `is_filed` by the one confirmation; `exemption` is what spares the person the step, so that it
    is left out; `after` the names of the step it waits for, None where it need not wait.
    """

    code: str
    name_vi: str
    name_en: str
    is_optional: bool
    is_filed: bool
    exemption: Exemption | None
    after: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What one confirmation files, and the steps of the bundle that it belongs to."""

    version: ProcedureVersion | None
    bundle: BundleVersion | None = None
    steps: tuple[BundleStep, ...] = ()


def bundle_version_in_force(*, bundle: Bundle, day: date) -> BundleVersion | None:
    """Return what the bundle says on the civil date `day`; None where nothing is in force."""
    versions = BundleVersion.objects.filter(in_force(day)).select_related("bundle")
    return versions.filter(bundle=bundle).first()


def bundles_in_force(*, day: date) -> list[BundleVersion]:
    """Return the versions of all bundles that hold on `day`, in order of key."""
    versions = BundleVersion.objects.filter(in_force(day)).select_related("bundle")
    return list(versions.order_by("bundle__key"))


def procedures_on(day: date) -> dict[str, ProcedureDefinition]:
    """Return what is in force on `day`, by code."""
    versions = ProcedureVersion.objects.filter(in_force(day))
    return {
        definition.code: definition
        for definition in map(
            ProcedureDefinition.from_json, versions.values_list("definition", flat=True)
        )
    }


def offer_of(*, suggestion: Suggestion, day: date) -> Offer:
    """Return what the suggestion offers on `day`; its version is None where nothing is in force.

    Of a bundle that is its filing procedure, else the procedure of its first step that is in force
    and from which no exemption (by what the person stated) spares them. Two queries at most.
    """
    rule = suggestion.rule
    if rule.bundle is None:
        versions = ProcedureVersion.objects.filter(in_force(day)).select_related("procedure")
        return Offer(versions.filter(procedure=rule.procedure_id).first())
    version = bundle_version_in_force(bundle=rule.bundle, day=day)
    return Offer(None) if version is None else offer_of_bundle(version, suggestion.stated, day)


def offer_of_bundle(version: BundleVersion, stated: Mapping[str, Any] | None, day: date) -> Offer:
    """Return the bundle's steps on `day` for what a person stated, and what would be filed."""
    bundle = BundleDefinition.from_json(version.definition)
    held = _versions(filter(None, [*bundle.codes, bundle.linked_procedure]), day)
    spared = {
        step.procedure: exemption_for(held[step.procedure], stated or {}, day)
        for step in bundle.steps
        if step.procedure in held and step.skipped_when_exempt
    }
    filing = held.get(bundle.linked_procedure or "")
    if bundle.linked_procedure is None:
        needed = (held[code] for code in bundle.codes if code in held and not spared.get(code))
        filing = next(needed, None)
    covered = bundle.codes if bundle.linked_procedure else []
    steps = tuple(
        BundleStep(
            code=step.procedure,
            name_vi=held[step.procedure].name_vi,
            name_en=held[step.procedure].name_en,
            is_optional=step.optional,
            is_filed=step.procedure in covered or held[step.procedure] == filing,
            exemption=spared.get(step.procedure),
            after=_names(held.get(step.after or "")) if not spared.get(step.after or "") else None,
        )
        for step in bundle.steps
        if step.procedure in held
    )
    return Offer(filing, version, steps)


def exemption_for(
    version: ProcedureVersion, stated: Mapping[str, Any], day: date
) -> Exemption | None:
    """Return the exemption that the law grants on `day` to whoever states this; None without."""
    definition = ProcedureDefinition.from_json(version.definition)
    for exemption in definition.exemptions:
        said = answer(exemption.conditions, partial(meets, stated=stated))
        if exemption.holds_on(day) and said == Answer.YES:
            return exemption
    return None


def _versions(codes: Iterable[str], day: date) -> dict[str, ProcedureVersion]:
    versions = ProcedureVersion.objects.filter(in_force(day)).select_related("procedure")
    return {one.procedure.code: one for one in versions.filter(procedure__code__in=list(codes))}


def _names(version: ProcedureVersion | None) -> tuple[str, str] | None:
    return None if version is None else (version.name_vi, version.name_en)
