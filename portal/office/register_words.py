"""Words of the desk of registers: what a delivery waits for, encodings, both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from citizens.enums import BatchState
from citizens.models import Batch
from citizens.registers.live import Live
from citizens.registers.tries import MOST_TRIES
from citizens.selectors.batches import Turn, turn_of

ENCODINGS = (
    ("", _("Let the content prove it")),
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1258", "Windows-1258"),
    ("tcvn3", "TCVN3 (ABC)"),
    ("vni", "VNI"),
    ("viscii", "VISCII"),
)
# How a turn is called, with the tone and the icon of its badge.
SIGNS: Mapping[Turn, tuple[Any, str, str]] = MappingProxyType(
    {
        Turn.WAITING: (_("Waiting for its turn"), "paused", "hourglass_empty"),
        Turn.HELD: (_("Waits for your word"), "soon", "front_hand"),
        Turn.TAKING: (_("Being taken over"), "paused", "sync"),
        Turn.DONE: (_("Done"), "on_time", "check_circle"),
        Turn.REFUSED: (_("Refused"), "late", "block"),
    }
)
Sign = tuple[Any, str, str]
# Of a batch whose turn has come, but which is only read so far.
_CHECKED_FIRST: Sign = (_("Being checked first"), "paused", "fact_check")
_PHASES: Mapping[str, Any] = MappingProxyType(
    {
        "reading": _("Rows are being read and checked"),
        "writing": _("Good rows are being taken over"),
        "linking": _("Families and households are being tied"),
        "rejecting": _("Rejected rows are being named"),
    }
)


@dataclass(frozen=True)
class Step:
    """What happens to a delivery just now: the words, the line reached, the lines there are."""

    words: Any
    line: int
    total: int

    @property
    def reached(self) -> int:
        """The line for a bar: never beyond its end, which is an estimate while reading."""
        return min(self.line, self.total)


def sign_of(batch: Batch, *, live: Live | None = None, failed: int = 0) -> Sign:
    """Return how a delivery's turn is called; `failed` tries show while nobody works on it."""
    turn = turn_of(batch)
    if failed and not live:
        words = gettext("Try %(count)s of %(most)s failed")
        return words % {"count": failed, "most": MOST_TRIES}, "late", "sync"
    return _CHECKED_FIRST if turn is Turn.WAITING and live else SIGNS[turn]


def step_of(batch: Batch, live: Live | None, *, failed: int = 0) -> Step:
    """Return what happens to a delivery that has not ended."""
    if failed and not live:
        again = _("It is tried again by itself; the operator finds the cause in the log")
        return Step(again, batch.progress, batch.row_count)
    if live is not None:
        words = (
            _("Rows are being read and checked; nothing is written yet")
            if live.is_rehearsal
            else None
        )
        return Step(words or _PHASES[live.phase], live.line, batch.row_count)
    if batch.state == BatchState.APPLYING:
        return Step(_PHASES["writing"], batch.progress, batch.row_count)
    if turn_of(batch) is Turn.WAITING:
        return Step(_("It begins as soon as those before it are done"), 0, 0)
    return Step(_PHASES["reading"], 0, 0)


def in_language(vi: str, en: str) -> str:
    """Return the word of the page's language; the Vietnamese one where there is no English."""
    return en if get_language() == "en" and en else vi


def encoding_name(code: str) -> str:
    """Return an encoding as people know it."""
    if code == "xlsx":
        return "Excel (XLSX)"
    return str(dict(ENCODINGS).get(code, code.upper()))
