"""What became of a row that was sent again by hand, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.enums import ExchangeState
from dossiers.exchange.fates import Fate
from dossiers.exchange.reasons import reason_named
from dossiers.models import ExchangeRow
from portal.common import clock


@dataclass(frozen=True)
class Told:
    """The sentence and the colour of its note; `is_open` where it can be another one soon."""

    sentence: str
    tone: str
    is_open: bool = False


_ENDED: Mapping[str, tuple[Any, str]] = {
    ExchangeState.ACKNOWLEDGED: (
        gettext_lazy("Sent again at %(pressed)s: the partner took it at %(ended)s."),
        "on_time",
    ),
    ExchangeState.PARKED: (
        gettext_lazy("Sent again at %(pressed)s, and refused again at %(ended)s: %(reason)s"),
        "late",
    ),
    ExchangeState.UNKNOWN: (
        gettext_lazy(
            "Sent again at %(pressed)s; nobody can tell whether it arrived this time: %(reason)s"
        ),
        "late",
    ),
    ExchangeState.WAITING: (
        gettext_lazy(
            "Sent again at %(pressed)s, and did not get through at %(ended)s: %(reason)s. "
            "It is tried again by itself."
        ),
        "soon",
    ),
}


def told_fate(row: ExchangeRow, fate: Fate | None) -> Told | None:
    """Return what became of a row that was sent again; None for one that never was."""
    if fate is None:
        return None
    pressed, attempt = _instant(fate.act.at), fate.attempt
    if attempt is None and row.state in (ExchangeState.WAITING, ExchangeState.SENDING):
        sentence = _(
            "Sent again at %(pressed)s; it has not been tried yet. It goes within a minute, "
            "after what stands before it in its dossier."
        )
        return Told(sentence % {"pressed": pressed}, "soon", is_open=True)
    if attempt is None:
        return None
    if attempt.ended_at is None or attempt.state not in _ENDED:
        sentence = _("Sent again at %(pressed)s; the attempt is under way.")
        return Told(sentence % {"pressed": pressed}, "soon", is_open=True)
    sentence, tone = _ENDED[attempt.state]
    told = {
        "pressed": pressed,
        "ended": _instant(attempt.ended_at),
        "reason": reason_named(attempt.reason).rstrip("."),
    }
    return Told(str(sentence) % told, tone, is_open=attempt.state == ExchangeState.WAITING)


def _instant(at: Any) -> str:
    return f"{clock.civil_time(at):%H:%M %d/%m/%Y}"
