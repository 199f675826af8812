"""Apps that act for a citizen by a token: asking the person, handing tokens out, taking them back.

allauth's provider does OAuth 2; here stands what this portal demands beyond it: citizens alone,
PKCE by S256, limits, and that a code or refresh token that is shown twice ends the app's access.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import cast

import structlog
from allauth.idp.oidc import views as provider
from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.internal.oauthlib.utils import respond_html_error
from allauth.idp.oidc.models import Token
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.models import User
from citizens.selectors.apps import SCOPES
from citizens.services.app_access import end_where_spent, note_spent
from portal.common import clock
from portal.web.access import public
from portal.web.limits import Limit, address_of

log = structlog.get_logger(__name__)
PER_ADDRESS = Limit("app_token_address", most=120, seconds=60)
PER_VALUE = Limit("app_token_value", most=5, seconds=60)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # the base64url of a SHA-256
_MOST_CHARACTERS = 500
_VALUES = {"authorization_code": "code", "refresh_token": "refresh_token"}  # of each kind of grant


class _Asking(provider.AuthorizationView):
    template_name = "account/app_asks.html"


_asking = _Asking.as_view()


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Ask the person what an app may, and lead back to it by a page (forms follow no redirect)."""
    user = cast(User, request.user)
    if user.is_staff or not user.citizen_id:
        raise PermissionDenied
    if not _is_fit(request):
        refusal: HttpResponse = respond_html_error(request)
        refusal.status_code = 400
        return refusal
    answer: HttpResponse = _asking(request)
    if request.method == "POST" and answer.status_code == 302:
        return render(request, "account/app_leaving.html", {"address": answer["Location"]})
    return answer


authorize.audience = "account"  # type: ignore[attr-defined]  # a signed-in person, for oneself


def _is_fit(request: HttpRequest) -> bool:
    """Return whether it is a question that is asked here: a code with PKCE, shown to the person."""
    if request.method == "POST":
        return bool(request.POST.get("request"))
    told = request.GET
    return bool(
        told.get("response_type") == "code"
        and told.get("code_challenge_method") == "S256"
        and _CHALLENGE.fullmatch(told.get("code_challenge", ""))
        and "prompt" not in told
    )


@public
@csrf_exempt  # no cookie is read: the code or the token is the proof
@never_cache
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Hand out tokens for a code or a refresh token, each good for one time."""
    named = _VALUES.get(request.POST.get("grant_type", ""), "")
    value = request.POST.get(named, "")
    if refused := PER_ADDRESS.passed(address_of(request)):
        return refused
    if not 0 < len(value) <= _MOST_CHARACTERS or len(request.POST.getlist(named)) > 1:
        return JsonResponse({"error": "invalid_request"}, status=400)
    with transaction.atomic():
        # Counting holds the value's row: who shows the same at the same moment comes after.
        if refused := PER_VALUE.passed(value):
            return refused
        if again := end_where_spent(value):
            log.warning("app_token_shown_twice", app=again[0], ended=again[1])
        answer: HttpResponse = provider.token(request)
        if answer.status_code == 200:
            until = clock.now() + timedelta(seconds=settings.IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN)
            note_spent(value, by=json.loads(answer.content)["access_token"], until=until)
    return answer


@public
@csrf_exempt  # no cookie is read: the token is the proof
@never_cache
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Take a token back (RFC 7009); with a refresh token go the access tokens of its app."""
    if refused := PER_ADDRESS.passed(address_of(request)):
        return refused
    value, client = request.POST.get("token", ""), request.POST.get("client_id", "")
    with transaction.atomic():
        held = Token.objects.by_value(value).filter(type=Token.Type.REFRESH_TOKEN, client_id=client)
        whose = held.values_list("user_id", flat=True).first()
        answer: HttpResponse = provider.revoke(request)
        if whose and answer.status_code == 200:
            access = Token.objects.filter(user_id=whose, client_id=client)
            access.filter(type=Token.Type.ACCESS_TOKEN).delete()
    return answer


@public
@require_safe
def metadata(request: HttpRequest) -> JsonResponse:
    """Say where apps ask and what is understood (RFC 8414)."""

    def at(name: str) -> str:
        return request.build_absolute_uri(reverse(name))

    return JsonResponse(
        {
            "issuer": get_adapter().get_issuer(),
            "authorization_endpoint": at("app_authorize"),
            "token_endpoint": at("app_token"),
            "revocation_endpoint": at("app_revoke"),
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
        }
    )
