"""Which procedures decide by themselves, the switch of each, and that of the risk weight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
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
from portal.office.standing import standing_of
from procedures.models import Procedure, ProcedureVersion
from procedures.models.catalogue import in_force

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]


@dataclass(frozen=True)
class SwitchLine:
    """A procedure whose version in force decides by itself, and how its switch stands."""

    version: ProcedureVersion
    automatic: dict[str, int]
    last: ModeSwitch | None

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


def may_stop(request: HttpRequest) -> bool:
    """Return whether the official may switch off: heads of units and whoever releases."""
    standing = standing_of(request)
    return Role.HEAD_OF_UNIT in standing.roles or may_decide(standing)


def switches_shown(request: HttpRequest) -> dict[str, Any]:
    """Return what the desk says of the switches and of the risk weight."""
    model = RiskModel.objects.order_by("-pk").first()
    weights = [] if model is None else _weights(model)
    return {
        "switches": _lines(),
        "may_stop": may_stop(request),
        "may_start": may_decide(standing_of(request)),
        "model": model,
        "weights": weights,
        "baseline": per_cent(model.baseline) if model else "",
    }


def _lines() -> list[SwitchLine]:
    day = clock.today()
    versions = ProcedureVersion.objects.filter(
        in_force(day), definition__automatic__max_age_days__isnull=False
    ).select_related("procedure", "written_by", "released_by")
    last = {
        row.procedure_id: row
        for row in ModeSwitch.objects.select_related("official").order_by("pk")
    }
    return [
        SwitchLine(version, version.definition["automatic"], last.get(version.procedure_id))
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
    allowed = may_decide(standing_of(request)) if is_on else may_stop(request)
    if not allowed:
        raise PermissionDenied
    procedure = get_object_or_404(Procedure, pk=pk)
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


@require_POST
def switch_weights(request: HttpRequest) -> HttpResponse:
    """Use the risk weight or stop; without it looks are drawn uniformly."""
    if not may_stop(request):
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
