"""What a rule offers: a procedure, or a bundle of several in order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q

from procedures.definition import ProcedureDefinition
from procedures.definition.bundle import BundleDefinition, Step
from procedures.definition.exemptions import Exemption
from procedures.definition.stated import answer, meets
from procedures.enums import Answer, VersionStatus
from procedures.models import Bundle, BundleVersion, ProcedureVersion, Suggestion
from procedures.models.catalogue import in_force
from procedures.selectors.catalogue import rules_in_force


@dataclass(frozen=True, slots=True)
class BundleStep:
    """One procedure of a bundle, in its order.

    `is_filed` at once by the one confirmation, `follows` by itself when what it waits for is
    granted; `exemption` is what spares the person the step, so that it is left out; `after` the
    names of the step it waits for and `awaits` its code, None and "" where it need not wait.
    """

    code: str
    name_vi: str
    name_en: str
    is_optional: bool
    is_filed: bool
    exemption: Exemption | None
    after: tuple[str, str] | None
    follows: bool = False
    awaits: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What one confirmation files, a dossier each, and the bundle that it belongs to.

    `later` are filed by themselves when what they wait for was granted; `linked` is the procedure
    under which the law brings the steps together, where there is one.
    """

    versions: tuple[ProcedureVersion, ...] = ()
    bundle: BundleVersion | None = None
    steps: tuple[BundleStep, ...] = ()
    later: tuple[ProcedureVersion, ...] = ()
    linked: ProcedureVersion | None = None

    @property
    def version(self) -> ProcedureVersion | None:
        """The first of what is filed; None where nothing is in force."""
        return self.versions[0] if self.versions else None


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


def offer_of(*, suggestion: Suggestion, day: date, wanted: Collection[str] = frozenset()) -> Offer:
    """Return what the suggestion offers on `day`; nothing where nothing is in force.

    Of a bundle those are the steps that wait for no other, from which no exemption (by what the
    person stated) spares them; a step for whoever wishes only where its code is among `wanted`. Two
    queries at most.
    """
    return offers_of(suggestions=[suggestion], day=day, wanted=wanted)[0]


def offers_of(
    *, suggestions: Sequence[Suggestion], day: date, wanted: Collection[str] = frozenset()
) -> list[Offer]:
    """Return what each suggestion offers on `day`, as `offer_of`; two queries for all at most."""
    rules = [row.rule for row in suggestions]
    keys = {rule.bundle_id for rule in rules if rule.bundle_id is not None}
    rows = BundleVersion.objects.filter(in_force(day), bundle__in=keys).select_related("bundle")
    bundles = {one.bundle_id: one for one in rows} if keys else {}
    codes = {code for one in bundles.values() for code in _codes(one)}
    alone = {rule.procedure_id for rule in rules if rule.bundle_id is None}
    held = _versions(Q(procedure__code__in=codes) | Q(procedure__in=alone), day)
    offers = []
    for row in suggestions:
        key = row.rule.bundle_id
        if key is None:
            mine = [one for one in held.values() if one.procedure_id == row.rule.procedure_id]
            offers.append(Offer(tuple(mine)))
        elif (bundle := bundles.get(key)) is None:
            offers.append(Offer())
        else:
            offers.append(_of_bundle(bundle, held, row.stated, day, wanted))
    return offers


def offer_of_bundle(
    version: BundleVersion,
    stated: Mapping[str, Any] | None,
    day: date,
    wanted: Collection[str] = frozenset(),
) -> Offer:
    """Return the bundle's steps on `day` for what a person stated, and what would be filed."""
    held = _versions(Q(procedure__code__in=_codes(version)), day)
    return _of_bundle(version, held, stated, day, wanted)


def _codes(version: BundleVersion) -> list[str]:
    bundle = BundleDefinition.from_json(version.definition)
    return [code for code in (*bundle.codes, bundle.linked_procedure) if code]


def _of_bundle(
    version: BundleVersion,
    held: Mapping[str, ProcedureVersion],
    stated: Mapping[str, Any] | None,
    day: date,
    wanted: Collection[str],
) -> Offer:
    bundle = BundleDefinition.from_json(version.definition)
    spared = {
        step.procedure: exemption
        for step in bundle.steps
        if step.procedure in held
        and step.skipped_when_exempt
        and (exemption := exemption_for(held[step.procedure], stated or {}, day))
    }
    filed, later = _filed(bundle, held, spared, wanted)
    steps = tuple(
        BundleStep(
            code=step.procedure,
            name_vi=held[step.procedure].name_vi,
            name_en=held[step.procedure].name_en,
            is_optional=step.optional,
            is_filed=step.procedure in filed,
            exemption=spared.get(step.procedure),
            after=_names(held.get(_awaited(step, spared) or "")),
            follows=step.procedure in later,
            awaits=code if (code := _awaited(step, spared) or "") in held else "",
        )
        for step in bundle.steps
        if step.procedure in held
    )
    linked = held.get(bundle.linked_procedure or "")
    return Offer(
        tuple(held[code] for code in filed),
        version,
        steps,
        tuple(held[code] for code in later),
        linked,
    )


def _filed(
    bundle: BundleDefinition,
    held: Mapping[str, ProcedureVersion],
    spared: Mapping[str, Exemption],
    wanted: Collection[str],
) -> tuple[list[str], list[str]]:
    """Return the codes of what one confirmation files at once, and of what follows by itself.

    Where all steps are optional or wait, the first that is needed is filed. The linked procedure
    stands for its steps: without it in force nothing is filed, without them it is filed itself.
    """
    linked = bundle.linked_procedure
    if linked is not None and linked not in held:
        return [], []
    needed = [
        step for step in bundle.steps if step.procedure in held and step.procedure not in spared
    ]
    chosen = [step for step in needed if not step.optional or step.procedure in wanted]
    at_once = [step.procedure for step in chosen if _awaited(step, spared) not in held]
    at_once = at_once or [step.procedure for step in needed[:1]]
    if not needed and linked is not None:
        return [linked], []
    return at_once, [step.procedure for step in chosen if step.procedure not in at_once]


def _awaited(step: Step, spared: Mapping[str, Exemption]) -> str | None:
    """Return the step that one waits for; one that is left out is not waited for."""
    return None if step.after in spared else step.after


def offered_unasked(*, codes: Iterable[str], day: date) -> set[str]:
    """Return which of the procedures some rule in force offers by itself; three queries."""
    offered: set[str] = set()
    for version in rules_in_force(day=day):
        procedure, bundle = version.rule.procedure, version.rule.bundle
        offered.update([procedure.code] if procedure else _codes_on(day, bundle))
    return offered.intersection(codes)


def _codes_on(day: date, bundle: Bundle | None) -> Iterator[str]:
    for version in bundle.versions.all() if bundle else ():
        if version.status == VersionStatus.RELEASED and day in version.valid:
            yield from BundleDefinition.from_json(version.definition).codes


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


def _versions(which: Q, day: date) -> dict[str, ProcedureVersion]:
    versions = ProcedureVersion.objects.filter(in_force(day)).select_related("procedure")
    return {one.procedure.code: one for one in versions.filter(which)}


def _names(version: ProcedureVersion | None) -> tuple[str, str] | None:
    return None if version is None else (version.name_vi, version.name_en)
