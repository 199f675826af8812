"""What some steps are told besides their note: papers, days, a colleague, an agency, a way.

A step's check runs on the locked row before the step is written, and may refuse it or change the
row; what it keeps is written after the step, which it may name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from citizens.models import Agency, Official, User
from dossiers.enums import Action
from dossiers.models import Dossier, DossierEvent
from dossiers.services import demand_papers, desk_steps
from dossiers.services.clock_steps import check_answer, check_extension, check_wait
from procedures.enums import FilingChannel


@dataclass(frozen=True)
class Details:
    """`components` are codes of papers asked for, `days` the working days of an extension.

    `to` is the colleague who takes over, `agency` the one that the dossier goes to, and `channel`
    the way in which a result is handed over. `user` is None for the system's own steps.
    """

    user: User | None
    now: datetime
    reason: str = ""
    components: tuple[str, ...] = ()
    days: int | None = None
    to: Official | None = None
    agency: Agency | None = None
    channel: FilingChannel | None = None

    @property
    def office(self) -> Agency | None:
        """The agency of the official who takes the step; None for citizens and the system."""
        official = getattr(self.user, "official", None)
        return None if official is None else official.agency


Check = Callable[[Dossier, Details], None]
Keep = Callable[[Dossier, DossierEvent, Details], None]


def check_details(*, dossier: Dossier, action: Action, details: Details) -> None:
    """Check and apply what the step was told, on the locked row; RefusedError when it is wrong."""
    check = _CHECKS.get(action)
    if check is not None:
        check(dossier, details)


def keep_details(
    *, dossier: Dossier, action: Action, event: DossierEvent, details: Details
) -> None:
    """Write down what the step was told, beside the step just written."""
    keep = _KEPT.get(action)
    if keep is not None:
        keep(dossier, event, details)


def _check_start(dossier: Dossier, _told: Details) -> None:
    desk_steps.check_start(dossier=dossier)
    demand_papers.check_digitised(dossier=dossier)


_CHECKS: Mapping[Action, Check] = {
    Action.EXTEND: lambda dossier, told: check_extension(
        dossier=dossier, days=told.days, now=told.now
    ),
    Action.WAIT_FOR_SYSTEM: lambda dossier, _told: check_wait(dossier=dossier),
    Action.SYSTEM_ANSWERED: lambda dossier, _told: check_answer(dossier=dossier),
    Action.START_PROCESSING: _check_start,
    Action.FORWARD: lambda dossier, told: desk_steps.forward(
        dossier=dossier, to=told.agency, office=told.office, now=told.now
    ),
    Action.REASSIGN: lambda dossier, told: desk_steps.reassign(
        dossier=dossier, to=told.to, now=told.now
    ),
    Action.RETURN_RESULT: lambda dossier, told: desk_steps.hand_out(
        dossier=dossier, channel=told.channel, office=told.office
    ),
    Action.REQUEST_SUPPLEMENT: lambda dossier, told: demand_papers.check_components(
        dossier=dossier, components=told.components
    ),
    Action.SUPPLEMENT: lambda dossier, told: demand_papers.check_answer(
        dossier=dossier, user=told.user, now=told.now
    ),
}
_KEPT: Mapping[Action, Keep] = {
    Action.REQUEST_SUPPLEMENT: lambda dossier, _event, told: demand_papers.keep_demand(
        dossier=dossier,
        components=told.components,
        note=told.reason,
        user=told.user,
        now=told.now,
    ),
    **dict.fromkeys(
        (Action.SUPPLEMENT, Action.START_PROCESSING, Action.STOP, Action.WITHDRAW),
        lambda dossier, _event, told: demand_papers.close_demand(dossier=dossier, now=told.now),
    ),
}
