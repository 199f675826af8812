"""What a dossier's page puts first, and why: the workflow table says only what is possible.

Nothing that the table offers is taken away; what does not fit now stands quieter below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from dossiers.enums import Action, Status
from dossiers.models import Dossier
from portal.office.dossier_papers import ShownPaper
from portal.office.presses import TAKE_UP, Press
from portal.office.templatetags.office import grouped

_WORKED_ON = (Status.REGISTERED, Status.RECEIVED, Status.PROCESSING)


@dataclass(frozen=True)
class First:
    """The buttons in their order, the reason for it, and whether the fee is asked for first."""

    presses: list[Press]
    reason: str = ""
    asks_fee: bool = False
    missing: frozenset[str] = frozenset()


def put_first(
    dossier: Dossier,
    presses: Sequence[Press],
    *,
    papers: Iterable[ShownPaper],
    fees: Mapping[str, Any],
) -> First:
    """Return the buttons with what fits first: ask for what is missing, or for the fee, or wait."""
    missing = [paper for paper in papers if not (paper.is_there or paper.is_unscanned)]
    if missing and (found := _of_papers(dossier, presses, missing)):
        return found
    return _of_fee(dossier, presses, fees) or First([*presses])


def _of_papers(
    dossier: Dossier, presses: Sequence[Press], missing: Sequence[ShownPaper]
) -> First | None:
    names = "; ".join(paper.name for paper in missing)
    codes = frozenset(paper.code for paper in missing)
    if dossier.status == Status.SUPPLEMENT_REQUESTED:
        reason = _("Waiting for: %(papers)s. The dossier goes on when they are added.")
        return First(_quiet(presses), reason % {"papers": names}, missing=codes)
    ask = Action.REQUEST_SUPPLEMENT.value
    if dossier.status not in _WORKED_ON or all(press.key != ask for press in presses):
        return None
    reason = _(
        "Missing: %(papers)s. Ask for them, or digitise what was brought; the processing begins "
        "once they are there."
    )
    return First(_led_by(presses, ask), reason % {"papers": names}, missing=codes)


def _of_fee(dossier: Dossier, presses: Sequence[Press], fees: Mapping[str, Any]) -> First | None:
    if dossier.status == Status.PAYMENT_REQUESTED and fees["due"]:
        reason = _("Waiting for the payment of %(amount)s. Once it is paid the dossier goes on.")
        return First(_quiet(presses), reason % {"amount": f"{grouped(fees['due'].amount_vnd)} đ"})
    if not fees["is_unasked"]:
        return None
    keys = {press.key for press in presses}
    if dossier.status == Status.REGISTERED and TAKE_UP.key in keys:
        reason = _(
            "The fee is not paid yet. Receive the dossier first, then ask for payment; the "
            "processing begins once it is paid."
        )
        return First(_led_by(presses, Action.RECEIVE.value), reason)
    if dossier.status == Status.RECEIVED and fees["may_ask"]:
        reason = _(
            "The fee is not paid yet. Ask for payment; the clock waits, and the processing begins "
            "once it is paid."
        )
        return First(_quiet(presses), reason, asks_fee=True)
    return None


def _led_by(presses: Sequence[Press], key: str) -> list[Press]:
    """Return one button as the main one, first; all others in their order, none of them main."""
    lead = [replace(press, tone="main") for press in presses if press.key == key]
    return lead + _quiet([press for press in presses if press.key != key])


def _quiet(presses: Iterable[Press]) -> list[Press]:
    return [replace(one, tone="plain") if one.tone == "main" else one for one in presses]
