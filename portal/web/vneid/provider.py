"""The provider as allauth sees it: code flow with PKCE, state and nonce, every answer verified."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from portal.web.vneid import discovery
from portal.web.vneid.config import IdentityProvider
from portal.web.vneid.envelopes import Envelope, envelope_of
from portal.web.vneid.refusals import Refusal, RefusedSignInError
from portal.web.vneid.tokens import Claims, UnknownKeyError, id_token_claims, userinfo_claims

_LONGEST_SUBJECT = 191  # what allauth's table holds
_NUMBER = re.compile("[0-9]{12}")


@dataclass(frozen=True)
class Proved:
    """What the provider vouches for. The number is compared and forgotten, never stored here."""

    issuer: str
    subject: str
    number: str


def the_provider() -> IdentityProvider:
    """Return the operator's provider; Http404 where none is set: there are no such pages then."""
    known: IdentityProvider | None = settings.OIDC
    if known is None:
        raise Http404
    return known


class TokenClient(OAuth2Client):
    """Exchanges the code; tells a code that was used from a provider that is down."""

    def get_access_token(
        self, code: str, pkce_code_verifier: str | None = None, extra_data: Any = None
    ) -> Mapping[str, Any]:
        """Return the token answer, opened; it holds an ID token and an access token."""
        data = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback_url,
            "code_verifier": pkce_code_verifier or "",
        }
        auth = None
        if self.basic_auth:
            auth = (quote(self.consumer_key, safe=""), quote(self.consumer_secret, safe=""))
        else:
            data |= {"client_id": self.consumer_key, "client_secret": self.consumer_secret}
        body = _asked("POST", self.access_token_url, data=data, auth=auth).json()
        if not isinstance(body, dict):
            raise RefusedSignInError(Refusal.MALFORMED)
        answer = envelope_of(the_provider()).token_answer(body)
        if not all(isinstance(answer.get(name), str) for name in ("access_token", "id_token")):
            raise RefusedSignInError(Refusal.MALFORMED)
        return answer


class VNeIDAdapter(OAuth2Adapter):
    """Asks the provider and verifies what it answers."""

    provider_id = "vneid"
    client_class = TokenClient
    state: Mapping[str, Any] = {}

    def __init__(self, request: HttpRequest) -> None:
        """Take the operator's provider."""
        super().__init__(request)
        self.known = the_provider()

    @property
    def authorize_url(self) -> str:
        """Where the citizen is sent."""
        return discovery.endpoint(self.known, "authorization_endpoint")

    @property
    def access_token_url(self) -> str:
        """Where the code is exchanged."""
        return discovery.endpoint(self.known, "token_endpoint")

    @property
    def basic_auth(self) -> bool:
        """Whether our secret goes into a header; into the form where the provider takes that."""
        ways = discovery.published(self.known).get("token_endpoint_auth_methods_supported")
        return "client_secret_post" not in (ways or ["client_secret_basic"])

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Return the address that the provider knows; no header of a request can change it."""
        return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('vneid_callback')}"

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Return allauth's sign-in with what was proved as `proved`; RefusedSignInError else."""
        proved = self._proved(kwargs["response"])
        login = self.get_provider().sociallogin_from_response(request, proved)
        login.proved = proved
        return login

    def _proved(self, answer: Mapping[str, Any]) -> Proved:
        envelope = envelope_of(self.known)
        claims = self._id_token(envelope.token(answer["id_token"]))
        subject = claims["sub"]
        if not subject or len(subject) > _LONGEST_SUBJECT:
            raise RefusedSignInError(Refusal.MALFORMED)
        if self.known.person_claim not in claims:
            more = self._userinfo(answer["access_token"], envelope)
            if more.get("sub") != subject:
                raise RefusedSignInError(Refusal.SUBJECT)
            claims = {**more, **claims}
        return Proved(self.known.issuer, subject, self._number(claims))

    def _id_token(self, token: str) -> Claims:
        known, nonce = self.known, str(self.state.get("nonce") or "")
        try:
            keys = discovery.signing_keys(known)
            return id_token_claims(token, keys=keys, provider=known, nonce=nonce)
        except UnknownKeyError:
            keys = discovery.signing_keys(known, anew=True)
            return id_token_claims(token, keys=keys, provider=known, nonce=nonce)

    def _userinfo(self, access_token: str, envelope: Envelope) -> Claims:
        address = discovery.endpoint(self.known, "userinfo_endpoint")
        response = _asked("GET", address, headers={"Authorization": f"Bearer {access_token}"})
        if response.headers.get("Content-Type", "").startswith("application/jwt"):
            keys = discovery.signing_keys(self.known)
            return userinfo_claims(envelope.token(response.text), keys=keys, provider=self.known)
        found = response.json()
        if not isinstance(found, dict):
            raise RefusedSignInError(Refusal.MALFORMED)
        return found

    def _number(self, claims: Claims) -> str:
        name, _equals, value = self.known.level.partition("=")
        if name and str(claims.get(name)) != value:
            raise RefusedSignInError(Refusal.LEVEL)
        number = claims.get(self.known.person_claim)
        if not isinstance(number, str) or not _NUMBER.fullmatch(number):
            raise RefusedSignInError(Refusal.NO_NUMBER)
        return number


class VNeIDProvider(OAuth2Provider):
    """An account of it is keyed by issuer and subject (`SocialAccount.provider`, `.uid`)."""

    id = "vneid"
    name = "VNeID"
    account_class = ProviderAccount
    oauth2_adapter_class = VNeIDAdapter

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """Begin a sign-in. Nothing else: no account is ever connected to whoever is signed in."""
        nonce = token_urlsafe(32)
        answer: HttpResponse = super().redirect(
            request, AuthProcess.LOGIN, next_url, data, nonce=nonce, auth_params={"nonce": nonce}
        )
        return answer

    def get_pkce_params(self) -> dict[str, str]:
        """Return a fresh proof key (S256)."""
        params: dict[str, str] = generate_code_challenge()
        return params

    def get_scope(self) -> list[str]:
        """Return what is asked for."""
        return the_provider().scope.split()

    def extract_uid(self, data: Proved) -> str:
        """Return the subject; the issuer is the account's `provider`."""
        return data.subject

    def extract_extra_data(self, data: Proved) -> dict[str, Any]:
        """Return nothing: no claim of a person is kept."""
        return {}


def _asked(method: str, address: str, **what: Any) -> requests.Response:
    """Return an answer with status 200 that is JSON or a token; RefusedSignInError else."""
    try:
        with get_adapter().get_requests_session() as session:
            response: requests.Response = session.request(method, address, **what)
        if response.status_code == 400 and response.json().get("error") == "invalid_grant":
            raise RefusedSignInError(Refusal.CODE)
        if response.status_code != 200:
            raise RefusedSignInError(Refusal.UNREACHABLE)
    except (requests.RequestException, AttributeError) as error:
        raise RefusedSignInError(Refusal.UNREACHABLE) from error
    return response
