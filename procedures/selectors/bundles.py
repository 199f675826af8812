"""What a rule offers: a procedure, or a bundle of several that one dossier files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from procedures.models import Bundle, ProcedureVersion, Rule
from procedures.models.catalogue import in_force
from procedures.selectors.catalogue import offered_codes


@dataclass(frozen=True, slots=True)
class BundleStep:
    """One procedure of a bundle, in its order; optional ones may be left out."""

    code: str
    name_vi: str
    name_en: str
    is_optional: bool


def offered_version(*, rule: Rule, day: date) -> ProcedureVersion | None:
    """Return what a suggestion of the rule files on `day`, None where nothing is in force.

    Of a bundle that is its filing procedure, else the procedure of its first step.
    """
    versions = ProcedureVersion.objects.filter(in_force(day)).select_related("procedure")
    if rule.bundle is None:
        return versions.filter(procedure=rule.procedure_id).first()
    codes = offered_codes(rule.bundle)
    return versions.filter(procedure__code=codes[0]).first() if codes else None


def bundle_steps(*, bundle: Bundle, day: date) -> list[BundleStep]:
    """Return the steps of a bundle that are in force on `day`; two queries at most."""
    steps = bundle.definition["steps"]
    versions = ProcedureVersion.objects.filter(in_force(day)).select_related("procedure")
    by_code = {
        version.procedure.code: version
        for version in versions.filter(procedure__code__in=[one["procedure"] for one in steps])
    }
    found = [(by_code.get(one["procedure"]), one["optional"]) for one in steps]
    return [
        BundleStep(version.procedure.code, version.name_vi, version.name_en, optional)
        for version, optional in found
        if version is not None
    ]
