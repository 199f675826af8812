"""The clock on a dossier's page: both figures, where the time went, extension, causes, dispute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from citizens.models import User
from dossiers import sla
from dossiers.documents.small_uploads import taking_files
from dossiers.enums import Action, DelayKind, Status
from dossiers.models import Dossier
from dossiers.models.delays import DELAY_KINDS
from dossiers.selectors import (
    SPEAKERS,
    STATED_KINDS,
    Hands,
    Standing,
    derived_causes,
    open_dispute,
    standing_clock_of,
)
from dossiers.services import Grounds, advance, raise_dispute, state_causes
from dossiers.services.clock_steps import LONGEST_EXTENSION
from dossiers.services.settle_disputes import DISPUTED_KINDS
from dossiers.tasks import ring_for_scans
from dossiers.workflow import step_for
from portal.common import clock
from portal.common.calendar import CalendarHistory
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.office.hands import hands_here
from portal.office.queue import visible_dossier
from portal.office.queue_way import to_dossier

KIND_WORDS = dict(DELAY_KINDS)
_TYPED = "typed_dispute"  # the session's key for what a refused dispute held
_DISPUTED_FIELDS = ("kind", "days", "grounds", "evidence_note")
_STEPS = {
    "extend": (Action.EXTEND, gettext_lazy("Apologise and extend the date")),
    "wait": (Action.WAIT_FOR_SYSTEM, gettext_lazy("Another system does not answer")),
    "answered": (Action.SYSTEM_ANSWERED, gettext_lazy("The system has answered")),
}


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the one address to which the forms of this part are sent."""
    return [
        path(
            "dossiers/<uuid:public_id>/clock/<slug:what>/",
            guarded(act),
            name="office_dossier_clock",
        )
    ]


def clock_part(request: HttpRequest, dossier: Dossier, history: CalendarHistory) -> dict[str, Any]:
    """Return what templates/office/parts/dossier_clock.html shows to this official."""
    standing = standing_clock_of(dossier=dossier, day=clock.today(), history=history)
    hands = hands_here(request, dossier)
    speaks = bool(hands.here & SPEAKERS)
    late = standing.late.raw
    return {
        "standing": standing,
        "causes": [(KIND_WORDS[kind], days) for kind, days in standing.causes.items()],
        "steps": _steps(dossier, hands, standing.clock),
        "longest": LONGEST_EXTENSION,
        "stated": _stated(dossier, standing, history) if speaks and late else [],
        "disputed": [(kind, KIND_WORDS[kind]) for kind in DISPUTED_KINDS],
        "may_dispute": speaks and standing.late.corrected > 0 and not open_dispute(dossier),
        "disputes": dossier.disputes.all(),
        "typed": _typed(request, dossier),
    }


def _typed(request: HttpRequest, dossier: Dossier) -> dict[str, str]:
    """Return what was typed into a dispute that was just refused, and "" for each field else."""
    kept = request.session.get(_TYPED, {})
    if kept.get("dossier") != str(dossier.public_id):
        return dict.fromkeys(_DISPUTED_FIELDS, "")
    del request.session[_TYPED]
    return {name: kept.get(name, "") for name in _DISPUTED_FIELDS}


def _steps(dossier: Dossier, hands: Hands, replayed: sla.Clock) -> list[tuple[str, Any]]:
    """Return the steps of the clock alone that are possible now."""
    can = {
        "extend": sla.extension_fault(replayed, clock.today()) is None,
        "wait": replayed.state is sla.ClockState.RUNNING,
        "answered": replayed.state is sla.ClockState.WAITING,
    }
    found = []
    for key, (action, word) in _STEPS.items():
        step = step_for(Status(dossier.status), action)
        if can[key] and step is not None and hands.acting(step) is not None:
            found.append((key, word))
    return found


def _stated(
    dossier: Dossier, standing: Standing, history: CalendarHistory
) -> list[tuple[DelayKind, Any, int]]:
    """Return the causes to be stated, with what is known already as a first answer."""
    late = standing.late.raw
    known = standing.causes or derived_causes(dossier=dossier, late_days=late, history=history)
    return [(kind, KIND_WORDS[kind], known.get(kind, 0)) for kind in STATED_KINDS]


@taking_files
@csrf_protect
@require_POST
def act(request: HttpRequest, public_id: UUID, what: str) -> HttpResponse:
    """Do what one of the part's forms asks; what is refused is said on the dossier's page."""
    dossier = visible_dossier(request, public_id)
    do = _ACTS.get(what)
    if do is None:
        raise Http404
    try:
        done = do(request, dossier)
    except (RefusedError, StaleVersionError) as refusal:
        for reason in getattr(refusal, "reasons", None) or [str(refusal)]:
            messages.error(request, reason)
        if what == "dispute":
            typed = {name: request.POST.get(name, "") for name in _DISPUTED_FIELDS}
            request.session[_TYPED] = typed | {"dossier": str(public_id)}
    else:
        messages.success(request, f"{dossier.code}: {done}")
    return to_dossier(request, public_id)


def _step(what: str) -> Callable[[HttpRequest, Dossier], str]:
    action, word = _STEPS[what]

    def take(request: HttpRequest, dossier: Dossier) -> str:
        advance(
            dossier=dossier,
            action=action,
            user=cast(User, request.user),
            version=shown_version(request.POST.get("version", "")),
            note=request.POST.get("note", ""),
            days=_whole(request, "days") if action is Action.EXTEND else None,
            now=clock.now(),
        )
        return str(word)

    return take


def _causes(request: HttpRequest, dossier: Dossier) -> str:
    days = {kind: _whole(request, kind.value) or 0 for kind in STATED_KINDS}
    note = request.POST.get("note", "")
    user = cast(User, request.user)
    state_causes(dossier=dossier, user=user, days=days, note=note, now=clock.now())
    return _("The causes are written down.")


def _dispute(request: HttpRequest, dossier: Dossier) -> str:
    given = request.FILES.get("file")
    kinds = {kind.value: kind for kind in DISPUTED_KINDS}
    grounds = Grounds(
        kind=kinds.get(request.POST.get("kind", ""), DelayKind.INSIDE),
        days=_whole(request, "days") or 0,
        words=request.POST.get("grounds", ""),
        evidence_note=request.POST.get("evidence_note", ""),
        file=given.read() if given is not None else None,
        file_name=given.name or "" if given is not None else "",
    )
    user = cast(User, request.user)
    raise_dispute(dossier=dossier, user=user, grounds=grounds, now=clock.now())
    ring_for_scans()
    return _("The dispute is with the head of the unit; the counted figure stays beside it.")


def _whole(request: HttpRequest, name: str) -> int | None:
    given = request.POST.get(name, "").strip()
    return int(given) if given.isdecimal() and len(given) < 6 else None


_ACTS: dict[str, Callable[[HttpRequest, Dossier], str]] = {
    **{what: _step(what) for what in _STEPS},
    "causes": _causes,
    "dispute": _dispute,
}
