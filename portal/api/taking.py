"""What a request brings: checked against the kind that the schema tells, nothing else is taken."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from portal.api.access import underlying
from portal.api.bodies import AcceptBody, SnoozeBody, TrackBody
from portal.api.problems import ProblemError, bad
from portal.common.errors import shown_version

_LONGEST = 5000


def accepted(request: Request) -> AcceptBody:
    """Return the answers and the further steps that an acceptance brings."""
    said = _object(request, {"answers", "steps"})
    answers, steps = said.get("answers", {}), said.get("steps", [])
    is_fit = isinstance(answers, dict) and isinstance(steps, list)
    if not is_fit or not all(_is_text(one) for one in (*answers.values(), *answers, *steps)):
        raise _unfit("answers", _("answers maps names of fields to texts, steps is a list."))
    return AcceptBody(answers, steps)


def snoozed(request: Request) -> SnoozeBody:
    """Return until when the person wants to hear nothing."""
    said = _object(request, {"until"})
    try:
        return SnoozeBody(date.fromisoformat(said["until"]))
    except (KeyError, TypeError, ValueError):
        raise _unfit("until", _("until is a day; write it as 2026-01-31.")) from None


def tracked(request: Request) -> TrackBody:
    """Return the code of a dossier and the second fact."""
    body = _object(request, {"code", "fact"})
    code, fact = body.get("code"), body.get("fact")
    if not (isinstance(code, str) and isinstance(fact, str) and _is_text(code) and _is_text(fact)):
        raise _unfit("fact", _("code and fact are texts."))
    return TrackBody(code, fact)


def read_body(request: Request) -> None:
    """Read the body before anything else looks at it; a huge one is refused."""
    try:
        _body = underlying(request).body
    except RequestDataTooBig:
        raise ProblemError(413) from None


def nothing(request: Request) -> None:
    """Let only an empty body through."""
    _object(request, set())


def seen_version(request: Request) -> int:
    """Return the version that `If-Match` names; without one the answer is 428."""
    given = request.headers.get("If-Match", "")
    if not given:
        raise ProblemError(428)
    return shown_version(given.strip().strip('"').partition(".")[0])


def _object(request: Request, known: set[str]) -> dict[str, Any]:
    said = request.data
    if not isinstance(said, dict):
        raise _unfit("body", _("The body is not a JSON object."))
    unknown = sorted(set(said) - known)
    if unknown:
        raise _unfit("unknown", _("This address takes nothing of that name."))
    return said


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST and "\0" not in value


def _unfit(code: str, sentence: Any) -> ProblemError:
    return ProblemError(400, bad(code, sentence))
