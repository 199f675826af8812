"""The case of a dossier on its page: its siblings with their state, and what an approval enters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from citizens.models import User
from dossiers.enums import Action, BundleStepState
from dossiers.models import BundleStep, Dossier
from dossiers.selectors.bundles import steps_shown
from dossiers.services.enter_facts import enter_register, entered_register
from dossiers.services.offer_step import may_be_offered, offer_step
from dossiers.services.state_amount import grants_money, state_amount
from portal.common import clock
from portal.common.errors import RefusedError
from portal.common.sql import ask_together
from portal.office.hands import hands_here
from portal.office.queue import dossiers_of, visible_dossier
from portal.office.queue_way import to_dossier
from portal.office.standing import standing_of
from procedures.models import ProcedureVersion
from procedures.models.catalogue import in_force
from procedures.selectors import bundle_version_in_force


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the press, behind the door that `guarded` puts in front."""
    address = "dossiers/<uuid:public_id>/case/<int:key>/offer/"
    return [path(address, guarded(offer), name="office_case_offer")]


@dataclass(frozen=True)
class Sibling:
    """A step of the case: its dossier only where the official may open it.

    `offer` is the key by which the official may offer it to the family, where it was left out.
    """

    name: str
    state: str
    code: str
    office: str
    dossier: Dossier | None
    is_this: bool
    offer: int | None


@dataclass(frozen=True)
class CaseShown:
    """What templates/office/parts/dossier_case.html shows."""

    name: str
    tracking_code: str
    siblings: list[Sibling]


def case_shown(request: HttpRequest, dossier: Dossier) -> CaseShown | None:
    """Return the case that the dossier belongs to, None for a dossier by itself (two queries)."""
    case = dossier.bundle_case
    if case is None:
        return None
    day = clock.today()
    mine = dossiers_of(standing_of(request)).filter(bundle_case=case)
    visible = mine.values_list("pk", flat=True)
    steps = steps_shown(case)
    theirs = case.steps.values("procedure__code")
    held = ProcedureVersion.objects.filter(in_force(day), procedure__code__in=theirs)
    held = held.only("procedure", "name_vi", "name_en")
    ask_together(visible, steps, held)
    names = {one.procedure_id: _named(one.name_vi, one.name_en) for one in held}
    bundle = bundle_version_in_force(bundle=case.bundle, day=day)
    document = bundle.definition if bundle else {}
    offers = bool(hands_here(request, dossier).here)
    return CaseShown(
        name=_named(document.get("name_vi", case.bundle.key), document.get("name_en", "")),
        tracking_code=case.tracking_code,
        siblings=[_sibling(step, dossier, set(visible), names, offers) for step in steps],
    )


def enter_if_approved(request: HttpRequest, dossier: Dossier, action: Action) -> None:
    """Enter what an official typed, in the transaction of the approval that follows."""
    if action is Action.APPROVE and entered_register(dossier=dossier):
        enter_register(
            dossier=dossier,
            number=request.POST.get("number", ""),
            book=request.POST.get("book", ""),
            pin=request.POST.get("pin", ""),
            day=clock.today(),
        )
    if action is Action.APPROVE and grants_money(dossier=dossier):
        state_amount(dossier=dossier, typed=request.POST.get("amount", ""))


@require_POST
def offer(request: HttpRequest, public_id: UUID, key: int) -> HttpResponse:
    """Offer the family a step that was left out of their case."""
    dossier = visible_dossier(request, public_id)
    step = get_object_or_404(BundleStep, pk=key, case=dossier.bundle_case_id)
    user = cast(User, request.user)
    try:
        is_news = offer_step(step=step, dossier=dossier, user=user, now=clock.now())
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        told = _("The family is told that they may add this step.")
        messages.success(request, told if is_news else _("The family was told already."))
    return to_dossier(request, public_id)


def _sibling(
    step: BundleStep, dossier: Dossier, visible: set[int], names: dict[int, str], offers: bool
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
        offer=step.pk if offers and may_be_offered(step) else None,
    )


def _named(vi: str, en: str) -> str:
    return en if en and (get_language() or "vi").startswith("en") else vi
