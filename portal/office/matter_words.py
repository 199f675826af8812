"""The lines of a matter's timeline in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.enums import AttemptOutcome, ReplyWord
from notifications.selectors.matters import Happening, Moment
from notifications.services import VISIT
from portal.office.visit_words import OUTCOME_WORDS

# (what happened, a detail, a sign of unfold's own font)
Told = tuple[str, str, str]

RECEIPT_WORDS: Mapping[str, Any] = {
    "sent": gettext_lazy("The gateway reports: on its way"),
    "delivered": gettext_lazy("The gateway reports: arrived"),
    "failed": gettext_lazy("The gateway reports: did not arrive"),
    "read": gettext_lazy("The gateway reports: opened"),
}
REPLY_WORDS: Mapping[str, Any] = {
    ReplyWord.ACCEPT.value: gettext_lazy("wishes to do it"),
    ReplyWord.LATER.value: gettext_lazy("later"),
    ReplyWord.STOP.value: gettext_lazy("wishes no messages"),
    ReplyWord.STATUS.value: gettext_lazy("asks how a dossier stands"),
    ReplyWord.HELP.value: gettext_lazy("asks for help"),
    ReplyWord.UNCLEAR.value: gettext_lazy("not understood: somebody calls"),
}
_ATTEMPTS: Mapping[str, tuple[Any, str]] = {
    AttemptOutcome.ACCEPTED.value: (gettext_lazy("The gateway took it"), "check_circle"),
    AttemptOutcome.REFUSED.value: (gettext_lazy("The gateway refused it"), "cancel"),
    AttemptOutcome.FAILED.value: (gettext_lazy("The attempt failed"), "error"),
    AttemptOutcome.UNKNOWN.value: (gettext_lazy("Outcome of the attempt unknown"), "help"),
}


def told(moment: Moment) -> Told:
    """Return a moment in words."""
    return _TOLD[moment.kind](moment)


def _attempt(moment: Moment) -> Told:
    row: Any = moment.source
    words, icon = _ATTEMPTS[row.outcome]
    number = _("attempt %(number)d") % {"number": row.number}
    return str(words), f"{number} · {row.detail}" if row.detail else number, icon


def _receipt(moment: Moment) -> Told:
    row: Any = moment.source
    words = RECEIPT_WORDS.get(row.status)
    return str(words or _("The gateway reports: %(word)s") % {"word": row.status}), "", "receipt"


def _understood(moment: Moment) -> Told:
    row: Any = moment.source
    return _("The answer is understood"), str(REPLY_WORDS.get(row.word, row.word)), "forum"


def _call_back(moment: Moment) -> Told:
    row: Any = moment.source
    done = str(row.done_by) if row.done_by else ""
    if row.reason == VISIT:
        return _("Somebody went there"), f"{OUTCOME_WORDS.get(row.note, '')} · {done}", "home"
    words = _("Somebody called back") if row.done_at else _("Somebody is to call back")
    return words, done, "call"


def _act(moment: Moment) -> Told:
    act: Any = moment.source.act  # type: ignore[union-attr]
    return act.get_kind_display(), f"{act.by}: {act.reason}", "person"


def _plain(words: Any, icon: str) -> Callable[[Moment], Told]:
    return lambda _moment: (str(words), "", icon)


_TOLD: Mapping[Happening, Callable[[Moment], Told]] = {
    Happening.QUEUED: _plain(gettext_lazy("Put into the queue"), "schedule"),
    Happening.FOLLOWED: _plain(gettext_lazy("Goes on by the next channel"), "alt_route"),
    Happening.TRIED: _attempt,
    Happening.SENT: _plain(gettext_lazy("Sent"), "send"),
    Happening.DELIVERED: _plain(gettext_lazy("Arrived"), "done_all"),
    Happening.READ: _plain(gettext_lazy("Opened by the person"), "drafts"),
    Happening.RECEIPT: _receipt,
    Happening.ANSWER: _plain(gettext_lazy("An answer came"), "reply"),
    Happening.UNDERSTOOD: _understood,
    Happening.CALL_BACK: _call_back,
    Happening.ACT: _act,
}
