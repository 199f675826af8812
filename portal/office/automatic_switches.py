"""Which procedures decide by themselves, the switch of each, and that of the risk weight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from citizens.enums import Role
from citizens.models import User
from dossiers.models import ModeSwitch, RiskModel
from dossiers.services.switch_mode import switch_mode, switch_risk
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office.automatic_words import FEATURES, per_cent
from portal.office.rule_rights import may_decide
from portal.office.standing import Standing, standing_of
from procedures.models import Procedure, ProcedureVersion
from procedures.models.catalogue import in_force

_OF_ONE_OFFICE = frozenset({Role.RECEPTIONIST, Role.CASE_OFFICER, Role.HEAD_OF_UNIT})
Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]


@dataclass(frozen=True)
class SwitchLine:
    """A procedure whose version in force decides by itself, and how its switch stands."""

    version: ProcedureVersion
    automatic: dict[str, int]
    last: ModeSwitch | None
    may_stop: bool = False

    @property
    def is_on(self) -> bool:
        """Whether it decides by itself now."""
        return self.last is not None and self.last.is_on


def urls(guarded: Door) -> list[URLPattern]:
    """Return the presses, each behind the door that `guarded` puts in front."""
    return [
        path("automatic/switch/<int:pk>/", guarded(switch), name="office_automatic_switch"),
        path("automatic/risk/", guarded(switch_weights), name="office_automatic_risk"),
    ]


def own_kind(standing: Standing) -> str | None:
    """Return the kind of agency whose decisions the official sees here, None for all kinds.

    Who does casework or heads an office sees those of its own kind; who leads, approves or looks
    after the software sees all. "" is no kind: an account without an office sees none.
    """
    if standing.everywhere or standing.roles - _OF_ONE_OFFICE:
        return None
    official = getattr(standing.user, "official", None)
    return official.agency.kind_id if official else ""


def may_stop(standing: Standing, version: ProcedureVersion) -> bool:
    """Return whether the official may switch it off: a head of such an office, or who releases."""
    if may_decide(standing):
        return True
    official = getattr(standing.user, "official", None)
    kind = version.definition["competent_agency"]["key"]
    is_ours = official is not None and official.agency.kind_id == kind
    return is_ours and Role.HEAD_OF_UNIT in standing.roles


def switches_shown(request: HttpRequest) -> dict[str, Any]:
    """Return what the desk says of the switches and of the risk weight."""
    model = RiskModel.objects.order_by("-pk").first()
    weights = [] if model is None else _weights(model)
    standing = standing_of(request)
    return {
        "switches": _lines(standing),
        "is_own_kind": own_kind(standing) is not None,
        "may_start": may_decide(standing),
        "model": model,
        "weights": weights,
        "baseline": per_cent(model.baseline) if model else "",
    }


def _versions() -> QuerySet[ProcedureVersion]:
    return ProcedureVersion.objects.filter(
        in_force(clock.today()), definition__automatic__max_age_days__isnull=False
    ).select_related("procedure", "written_by", "released_by")


def _lines(standing: Standing) -> list[SwitchLine]:
    versions, kind = _versions(), own_kind(standing)
    if kind is not None:
        versions = versions.filter(definition__competent_agency__key=kind)
    last = {
        row.procedure_id: row
        for row in ModeSwitch.objects.select_related("official").order_by("pk")
    }
    return [
        SwitchLine(
            version,
            version.definition["automatic"],
            last.get(version.procedure_id),
            may_stop(standing, version),
        )
        for version in versions.order_by("procedure__code")
    ]


def _weights(model: RiskModel) -> list[tuple[Any, str]]:
    return [
        (label, f"{model.weights.get(name, 0.0):+.2f}".replace(".", ","))
        for name, label in FEATURES.items()
    ]


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a procedure on or off; off at once by a head of unit, on by whoever releases."""
    is_on = request.POST.get("to") == "on"
    procedure, standing = get_object_or_404(Procedure, pk=pk), standing_of(request)
    if not (may_decide(standing) or (not is_on and _heads(standing, procedure))):
        raise PermissionDenied
    try:
        switch_mode(
            procedure=procedure,
            is_on=is_on,
            reason=request.POST.get("reason", ""),
            user=cast(User, request.user),
            now=clock.now(),
        )
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        done = _("Automatic decisions are on.") if is_on else _("Automatic decisions are off.")
        messages.success(request, done)
    return redirect("admin:office_automatic")


def _heads(standing: Standing, procedure: Procedure) -> bool:
    """Return whether the official heads an office that decides by this procedure."""
    version = _versions().filter(procedure=procedure).first()
    return version is not None and may_stop(standing, version)


@require_POST
def switch_weights(request: HttpRequest) -> HttpResponse:
    """Use the risk weight of all procedures or stop; without it looks are drawn uniformly."""
    if not may_decide(standing_of(request)):
        raise PermissionDenied
    try:
        switch_risk(
            is_on=request.POST.get("to") == "on", user=cast(User, request.user), now=clock.now()
        )
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        messages.success(request, _("Noted, with your name."))
    return redirect("admin:office_automatic")
