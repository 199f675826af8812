"""The buttons of a dossier: what the workflow table offers to this official, worded and ordered.

A button takes one step of the table. One takes two: whoever may receive a dossier and work on
it receives it and starts with one press, and approves it with the next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from citizens.enums import Role
from dossiers.enums import Action
from dossiers.selectors import Offer
from dossiers.workflow import TABLE


@dataclass(frozen=True)
class Press:
    """One button: the steps it takes in order; `tone` is main, plain or grave."""

    key: str
    label: Any
    steps: tuple[Action, ...]
    tone: str
    needs_note: bool


_WORDS: Mapping[Action, tuple[Any, str]] = {
    Action.RECEIVE: (_("Receive"), "main"),
    Action.START_PROCESSING: (_("Start processing"), "main"),
    Action.APPROVE: (_("Approve and grant the result"), "main"),
    Action.RETURN_RESULT: (_("Hand over the result"), "main"),
    Action.SUPPLEMENT: (_("Papers were added"), "main"),
    Action.REQUEST_SUPPLEMENT: (_("Ask for papers"), "plain"),
    Action.REFUSE_RECEPTION: (_("Refuse reception"), "grave"),
    Action.STOP: (_("Stop processing"), "grave"),
}
_TONES = ("main", "plain", "grave")
TAKE_UP = Press(
    "take_up",
    _("Receive and start processing"),
    (Action.RECEIVE, Action.START_PROCESSING),
    "main",
    needs_note=False,
)


def presses_for(offers: Iterable[Offer], *, may_start: bool) -> list[Press]:
    """Return the buttons for the steps offered, main ones first.

    `may_start` says whether the official could also take the step that follows reception.
    """
    found = [_press(offer) for offer in offers if offer.action in _WORDS]
    found.sort(key=lambda press: _TONES.index(press.tone))
    if may_start and any(press.steps == (Action.RECEIVE,) for press in found):
        return [TAKE_UP, *map(_quieter, found)]
    return found


# What needs neither a reason nor a look at the single dossier; decisions are taken one by one.
_IN_BULK = (
    TAKE_UP,
    *(
        Press(action.value, _WORDS[action][0], (action,), "plain", needs_note=False)
        for action in (Action.RECEIVE, Action.START_PROCESSING)
    ),
)


def in_bulk(roles: Collection[Role]) -> list[Press]:
    """Return the buttons for many dossiers at once that one of `roles` may find of use."""
    held = {role.value for role in roles}
    return [one for one in _IN_BULK if all(held & _takers(action) for action in one.steps)]


def may_hand_over(roles: Collection[Role]) -> bool:
    """Return whether one of `roles` may put a dossier on a colleague's desk in any state."""
    return bool({role.value for role in roles} & _takers(Action.REASSIGN))


def _takers(action: Action) -> set[str]:
    """Return who takes an action anywhere in the table; roles and actors share their names."""
    steps = [step for (_status, taken), step in TABLE.items() if taken is action]
    return {actor.value for step in steps for actor in step.actors}


def _press(offer: Offer) -> Press:
    label, tone = _WORDS[offer.action]
    return Press(offer.action.value, label, (offer.action,), tone, needs_note=offer.reasoned)


def _quieter(press: Press) -> Press:
    return replace(press, tone="plain") if press.tone == "main" else press
