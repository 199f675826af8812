"""The case of a dossier on its page: its siblings with their state, and what a birth enters."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import get_language

from dossiers.enums import Action, BundleStepState
from dossiers.models import BundleStep, Dossier
from dossiers.selectors import is_birth
from dossiers.selectors.bundles import case_steps
from dossiers.services.enter_facts import enter_register
from portal.common import clock
from portal.office.queue import dossiers_of
from portal.office.standing import standing_of
from procedures.models import ProcedureVersion
from procedures.models.catalogue import in_force
from procedures.selectors import bundle_version_in_force


@dataclass(frozen=True)
class Sibling:
    """A step of the case: its dossier only where the official may open it."""

    name: str
    state: str
    code: str
    office: str
    dossier: Dossier | None
    is_this: bool


@dataclass(frozen=True)
class CaseShown:
    """What templates/office/parts/dossier_case.html shows."""

    name: str
    tracking_code: str
    siblings: list[Sibling]


def case_shown(request: HttpRequest, dossier: Dossier) -> CaseShown | None:
    """Return the case that the dossier belongs to, None for a dossier by itself (five queries)."""
    case = dossier.bundle_case
    if case is None:
        return None
    day = clock.today()
    mine = dossiers_of(standing_of(request)).filter(bundle_case=case)
    visible = set(mine.values_list("pk", flat=True))
    steps = case_steps(case=case)
    codes = [step.procedure.code for step in steps]
    held = ProcedureVersion.objects.filter(in_force(day), procedure__code__in=codes)
    names = {one.procedure_id: _named(one.name_vi, one.name_en) for one in held}
    bundle = bundle_version_in_force(bundle=case.bundle, day=day)
    document = bundle.definition if bundle else {}
    return CaseShown(
        name=_named(document.get("name_vi", case.bundle.key), document.get("name_en", "")),
        tracking_code=case.tracking_code,
        siblings=[_sibling(step, dossier, visible, names) for step in steps],
    )


def may_enter_birth(dossier: Dossier) -> bool:
    """Return whether approving the dossier registers a birth, so that a number is asked for."""
    return is_birth(dossier)


def enter_if_approved(request: HttpRequest, dossier: Dossier, action: Action) -> None:
    """Enter the numbers that an official typed, in the transaction of the approval that follows."""
    if action is Action.APPROVE and is_birth(dossier):
        enter_register(
            dossier=dossier,
            number=request.POST.get("number", ""),
            pin=request.POST.get("pin", ""),
            day=clock.today(),
        )


def _sibling(
    step: BundleStep, dossier: Dossier, visible: set[int], names: dict[int, str]
) -> Sibling:
    own = step.dossier
    is_filed = own is not None and step.state == BundleStepState.FILED
    return Sibling(
        name=names.get(step.procedure_id, step.procedure.code),
        state=own.get_status_display() if own and is_filed else step.get_state_display(),
        code=own.code if own else "",
        office=own.competent.name_vi if own else "",
        dossier=own if own is not None and own.pk in visible else None,
        is_this=own is not None and own.pk == dossier.pk,
    )


def _named(vi: str, en: str) -> str:
    return en if en and (get_language() or "vi").startswith("en") else vi
