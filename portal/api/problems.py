"""Errors as `application/problem+json` (RFC 9457), in Vietnamese and in English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from citizens.services.receive_batch import NotReceivedError
from dossiers.services import AnswersRefusedError
from portal.common.errors import RefusedError, StaleVersionError
from portal.common.sql import is_database_away

CONTENT_TYPE = "application/problem+json"
CHANGED, TOO_LARGE, UNUSABLE, AWAY = 412, 413, 422, 503
_COME_BACK = "30"  # seconds
Reason = Mapping[str, str]

_REFUSED = (_("This cannot be done now"), _("Nothing was changed. The reasons say why."))

# What happened, and what to do about it.
_SAID: Mapping[int, tuple[Any, Any]] = MappingProxyType(
    {
        400: (_("The request cannot be understood"), _("Correct it and send it again.")),
        401: (
            _("Nobody is signed in"),
            _("Send the session of /accounts/login/, or an app's token."),
        ),
        403: (
            _("This is not yours to do"),
            _("Your session, its second factor, its CSRF token or your role does not allow it."),
        ),
        404: (_("There is nothing here"), _("Check the address.")),
        405: (_("This address does not do that"), _("See the header Allow.")),
        406: (_("No such format"), _("Ask for JSON.")),
        409: (_("This key was used for something else"), _("Send a new Idempotency-Key.")),
        410: (_("This is over"), _("Read it again to see what became of it.")),
        412: (_("It was changed meanwhile"), _("Read it again, then decide again.")),
        413: (_("The file is too large"), _("Nothing was taken in. Divide the file.")),
        415: (_("This kind of content is not taken"), _("Send what /api/v1/schema/ names.")),
        422: (
            _("The file cannot be taken in"),
            _("Nothing was written. Mend what the reasons name and send it again."),
        ),
        428: (_("Say which version you saw"), _("Send the ETag that you read as If-Match.")),
        429: (_("Too many requests"), _("Wait for as long as the header Retry-After says.")),
        503: (_("Back in a moment"), _("Nothing was changed. Ask again after Retry-After.")),
    }
)


class ProblemError(Exception):
    """An answer that is an error: its status, and reasons as `{"code", "vi", "en"}`."""

    def __init__(
        self, status: int, *reasons: Reason, headers: Mapping[str, str] | None = None
    ) -> None:
        """Keep what the answer says."""
        super().__init__(str(status))
        self.status, self.reasons, self.headers = status, reasons, headers


def problem(
    status: int,
    reasons: Iterable[Reason] = (),
    headers: Mapping[str, str] | None = None,
    said: tuple[Any, Any] | None = None,
) -> Response:
    """Return the answer to an error; `title` and `detail` are Vietnamese, `*_en` English."""
    title, detail = said or _SAID.get(status, _SAID[400])
    body: dict[str, Any] = {"type": "about:blank", "status": status}
    for suffix, language in (("", "vi"), ("_en", "en")):
        with translation.override(language):
            body[f"title{suffix}"], body[f"detail{suffix}"] = str(title), str(detail)
    body["reasons"] = [dict(one) for one in reasons]
    return Response(body, status=status, headers=dict(headers or {}), content_type=CONTENT_TYPE)


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to what a view raised; None for what is our own fault."""
    set_rollback()
    if is_database_away(error):  # F3: the page of an outage, in this room's shape
        return problem(AWAY, headers={"Retry-After": _COME_BACK})
    return _told(error)


def _told(error: Exception) -> Response | None:
    match error:
        case ProblemError():
            return problem(error.status, error.reasons, error.headers)
        case NotReceivedError():
            found = [{"code": one.code, "vi": one.vi, "en": one.en} for one in error.problems]
            is_large = any(one.code == "too_large" for one in error.problems)
            return problem(TOO_LARGE if is_large else UNUSABLE, found)
        case StaleVersionError():
            return problem(CHANGED)
        case RefusedError():
            reasons = [_in_one_language(*one) for one in _named(error)]
            return problem(UNUSABLE, reasons, said=_REFUSED)
        case Http404():
            return problem(404)
        case PermissionDenied():
            return problem(403)
        case exceptions.APIException():
            return problem(error.status_code, headers=_headers(error))
    return None


def _named(error: RefusedError) -> list[tuple[str, str]]:
    """Return the reasons with the field that each is about, "refused" for the whole."""
    if isinstance(error, AnswersRefusedError):
        return list(error.faults.items())
    return [("refused", one) for one in error.reasons]


def _in_one_language(code: str, sentence: str) -> Reason:
    """Return the reason of a service, which speaks the language of the request."""
    language = "en" if (translation.get_language() or "vi").startswith("en") else "vi"
    return {"code": code, language: sentence}


def _headers(error: exceptions.APIException) -> dict[str, str]:
    header = getattr(error, "auth_header", None)
    return {"WWW-Authenticate": header} if header else {}


def bad(code: str, sentence: Any) -> Reason:
    """Return a reason in both languages; `sentence` is a lazy translation."""
    said = {"code": code}
    for language in ("vi", "en"):
        with translation.override(language):
            said[language] = str(sentence)
    return said
