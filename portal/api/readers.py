"""Who may ask as a citizen: each request is one transaction that sees this person's rows only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from allauth.idp.oidc.models import Token
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from citizens.models import Citizen, User
from citizens.selectors import circle_of
from citizens.services.count_tries import count_try
from portal.api.access import AppToken, OfficialSession
from portal.api.problems import ProblemError, bad
from portal.api.scopes import scope_of
from portal.api.taking import read_body
from portal.common import clock
from portal.common.row_security import only_rows_of
from procedures.selectors.readers import reader_of

P = ParamSpec("P")
V = TypeVar("V", bound="CitizenView")
R = TypeVar("R", bound=HttpResponseBase)
Handler = Callable[Concatenate[V, Request, Citizen, P], R]
_A_MINUTE = 60
TOO_OFTEN = 429


class IsCitizen(BasePermission):
    """A person's own account; officials have their desk."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the request may go on; nobody signed in is answered 401."""
        user = request.user
        return bool(user.is_authenticated and not user.is_staff and user.citizen_id)


class IsAllowedHere(BasePermission):
    """An app sees the rooms that its citizen allowed; a session sees all of them."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return True, or tell the app which scope it lacks (RFC 6750)."""
        if not isinstance(request.auth, Token):
            return True
        match = request.resolver_match
        scope = scope_of(match.route if match else "")
        if scope in request.auth.get_scopes():
            return True
        header = f'Bearer error="insufficient_scope", scope="{scope}"'
        lacking = bad("scope", _("The person did not allow the app this part."))
        raise ProblemError(403, lacking, headers={"WWW-Authenticate": header})


class PortalView(APIView):
    """Base of what anybody or a citizen asks; no proxy keeps an answer."""

    audience = "public"
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    authentication_classes: Any = []
    permission_classes: Any = []

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Forbid keeping."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer


class PdfRenderer(JSONRenderer):
    """Lets `Accept: application/pdf` ask for a file; errors are told in JSON all the same."""

    media_type = "application/pdf"


class AnyRenderer(JSONRenderer):
    """Lets any `Accept` ask for a file of whatever kind."""

    media_type = "*/*"


class CitizenView(PortalView):
    """Base of every address for citizens.

    People sign in by the session, or let an app act for them by a token, which opens the rooms
    that they allowed (`portal.api.scopes`). Nothing below asks which of the two it was.
    """

    audience = "citizen"
    authentication_classes: Any = [AppToken, OfficialSession]
    permission_classes: Any = [IsCitizen, IsAllowedHere]
    parser_classes = [JSONParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count the request against its person's share of a minute, in the database (F5)."""
        self.take_body(request)
        super().initial(request, *args, **kwargs)
        count_request("api", str(request.user.pk), settings.API_MOST_A_MINUTE)

    def take_body(self, request: Request) -> None:
        """Read the body before anything else looks at it; a huge one is refused."""
        read_body(request)


def count_request(what: str, key: str, most: int) -> None:
    """Count one more request of `key`; ProblemError 429 where it is one too many."""
    wait = count_try(what=what, key=key, most=most, seconds=_A_MINUTE, now=clock.now())
    if wait:
        raise ProblemError(TOO_OFTEN, headers={"Retry-After": str(wait)})


def own_rows(handler: Handler[V, P, R]) -> Callable[Concatenate[V, Request, P], R]:
    """Hand the handler its reader, in a transaction that shows and changes nobody else's rows.

    The same guard as that of the citizens' pages: what raises has written nothing, services are
    called in `with_application_rights()`, and who has died or was merged away is refused.
    """

    @wraps(handler)
    def guarded(self: V, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> R:
        person, day = cast(User, request.user).citizen_id or 0, clock.today()
        circle = circle_of(person=person, day=day)
        with only_rows_of(person=person, parties=circle.parties, family=circle.family):
            citizen = reader_of(person=person, circle=circle, day=day)
            if citizen is None:
                raise PermissionDenied
            return handler(self, request, citizen, *args, **kwargs)

    told: Any = guarded
    told.is_confined = True
    return guarded


def tagged(request: Request, body: Any, version: int = 0) -> Response:
    """Answer one object with its ETag, or 304 where the caller holds just this.

    The tag begins with the object's version, which `If-Match` is compared by.
    """
    told = asdict(body)
    written: bytes = JSONRenderer().render(told)
    tag = f'"{version}.{hashlib.sha256(written).hexdigest()[:16]}"'
    held = {one.strip().removeprefix("W/") for one in _held(request).split(",")}
    if tag in held:
        return Response(status=304, headers={"ETag": tag})
    return Response(told, headers={"ETag": tag})


def said(body: Any) -> Response:
    """Answer what a write came to."""
    return Response(asdict(body))


def _held(request: Request) -> str:
    return str(request.headers.get("If-None-Match", ""))
