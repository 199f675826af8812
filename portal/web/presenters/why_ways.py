"""What would change the answer of a rule, and where one can do something about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from citizens.enums import DataRequestKind
from procedures.answers import Line


@dataclass(frozen=True)
class Way:
    """What would change an answer, in a sentence, and the page for it; `url` may be ""."""

    text: Any = ""
    url: str = ""
    action: Any = ""


_BIRTHDAY = _("When the birthday comes near, the portal prepares it by itself.")
_TEXTS: Mapping[str, Any] = {
    "paper": _("As soon as a new paper is on record, the portal watches its last day."),
    "no_paper": _(
        "As soon as the office that issues it reports such a paper of yours, the portal watches it."
        " If you hold one already, ask for the data to be corrected."
    ),
    "birthday": _BIRTHDAY,
    "fresh_card": _BIRTHDAY,
    "event": _("As soon as the office in charge reports such an event, it is prepared."),
    "here": _("This changes when the place of residence or seat changes."),
    "no_dossier": _("Until that dossier is decided nothing new is offered."),
    "reached": _("Whether you hear of it is for you to choose."),
    "scanned": _("The portal cannot know when you want it: you start it yourself."),
    "unknown": _(
        "As soon as a register says this, the answer is clear."
        " If it should know already, ask for the data to be corrected."
    ),
    "otherwise": _("This changes when the data change. If they are not right, say so below."),
}
_CORRECT = _("Ask for a correction")


def way_out(reason: Line | None) -> Way:
    """Return what would change the answer of which this condition is in the way."""
    if reason is None:
        return Way()
    key = _key(reason)
    return Way(_TEXTS.get(key, ""), *_page(key))


def _key(reason: Line) -> str:
    if reason.key == "paper" and reason.origin is None:
        return "no_paper"
    if not reason.path:
        return reason.key
    return "unknown" if reason.holds is None else "otherwise"


def _page(key: str) -> tuple[str, Any]:
    match key:
        case "no_paper" | "unknown":
            return reverse("web:request_new", args=[DataRequestKind.CORRECT]), _CORRECT
        case "no_dossier":
            return reverse("web:dossiers"), _("My dossiers")
        case "scanned":
            return reverse("web:wishes"), _("Begin something")
        case "reached":
            return reverse("web:choices"), _("My choices")
    return "", ""
