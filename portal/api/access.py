"""Who may ask: an official with a session, its second factor, and a role for what is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, cast

from allauth.idp.oidc.models import Token
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from citizens.models import User
from citizens.selectors.batches import may_import, may_see_registers
from portal.common import clock


class OfficialSession(SessionAuthentication):
    """The session of the desk with its CSRF token; whoever has none is told so (401)."""

    def authenticate_header(self, request: Request) -> str:
        """Return what is missing where nobody is signed in."""
        return "Session"


class AppToken(BaseAuthentication):
    """The token of an app that a citizen let act for them; a wrong one is not let pass as nobody.

    It stands for its citizen alone: no official is asked for by a token.
    """

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """Return whose token it is; None where none is shown."""
        kind, _space, value = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        found = Token.objects.select_related("user").lookup(Token.Type.ACCESS_TOKEN, value.strip())
        user = found.user if found and found.client_id else None
        if user is None or not user.is_active or user.is_staff:
            raise AuthenticationFailed
        return user, found

    def authenticate_header(self, request: Request) -> str:
        """Return what is missing where nobody is signed in, or what is wrong (RFC 6750)."""
        shown = request.headers.get("Authorization", "").lower().startswith("bearer ")
        return 'Bearer error="invalid_token"' if shown else "Bearer"


class _Standing(BasePermission):
    """A role that stands today, behind the second factor that the desk asks for."""

    allows: ClassVar[Callable[..., bool]]

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the request may go on; nobody signed in is answered 401."""
        if not request.user.is_authenticated:
            return False
        user = request.user
        if settings.OFFICE_REQUIRES_MFA and not is_mfa_enabled(user):
            return False
        return type(self).allows(user=user, day=clock.today())


class SeesRegisters(_Standing):
    """May see how fresh and complete registers are."""

    allows = staticmethod(may_see_registers)


class Imports(_Standing):
    """May bring deliveries in and see what became of their rows."""

    allows = staticmethod(may_import)


class OfficialView(APIView):
    """Base of every address for officials; `audience` is what the test of all addresses reads."""

    audience = "official"
    authentication_classes = [OfficialSession]

    @staticmethod
    def official(request: Request) -> User:
        """Return who asks."""
        return cast(User, request.user)


def underlying(request: Request) -> HttpRequest:
    """Return Django's request below the one of the framework."""
    return request._request
