"""What a request brings: checked against the kind that the schema tells, nothing else is taken."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from portal.api.access import underlying
from portal.api.bodies import AcceptBody, SnoozeBody, TrackBody
from portal.api.problems import ProblemError, bad
from portal.common.errors import shown_version

T = TypeVar("T")
_LONGEST = 5000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def taken(request: Request, kind: type[T]) -> T:
    """Return the body as the kind that the schema tells; 400 names what does not fit it."""
    hints, found = get_type_hints(kind), fields(kind)  # type: ignore[arg-type]  # of dataclasses
    said = _object(request, {one.name for one in found})
    read: dict[str, Any] = {}
    for name in said:
        try:
            read[name] = _read(said[name], hints[name])
        except (TypeError, ValueError):
            raise _unfit(name, _("This does not fit what the schema says of it.")) from None
    try:
        return kind(**read)
    except TypeError:
        raise _unfit("missing", _("Something that the schema requires is missing.")) from None


def _read(value: Any, hint: Any) -> Any:
    """Return a value of JSON as its kind; ValueError or TypeError where it is another."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is UnionType:
        (other,) = (part for part in parts if part is not NoneType)
        return None if value is None else _read(value, other)
    if hint is UUID:
        return _checked(value, isinstance(value, str) and str(UUID(value)) == value.lower(), UUID)
    if hint is date:
        is_day = isinstance(value, str) and bool(_DAY.fullmatch(value))
        return _checked(value, is_day, date.fromisoformat)
    if origin is dict:
        is_fit = isinstance(value, dict) and all(map(_is_text, (*value, *value.values())))
        return _checked(value, is_fit, dict)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _checked(value, _is_text(value), hint)
    return _checked(value, _is_text(value) if hint is str else isinstance(value, hint), hint)


def _checked(value: Any, is_fit: bool, make: Any) -> Any:
    if not is_fit:
        raise ValueError
    return make(value)


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
    """Whether it is a text that can be kept: half of a character, as JSON may hold, cannot."""
    if not isinstance(value, str) or len(value) > _LONGEST or "\0" in value:
        return False
    return not any("\ud800" <= char <= "\udfff" for char in value)


def _unfit(code: str, sentence: Any) -> ProblemError:
    return ProblemError(400, bad(code, sentence))
