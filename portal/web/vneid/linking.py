"""Which account a proved identity opens (docs/adr/0027): never one found by e-mail or phone."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from requests import Session
from structlog import get_logger

from citizens.models import Citizen, User
from citizens.services.open_account import open_account
from portal.web.vneid.provider import Proved, VNeIDProvider
from portal.web.vneid.refusals import Refusal, RefusedSignInError, refuse

_log = get_logger(__name__)


class IdentityAdapter(DefaultSocialAccountAdapter):
    """allauth's questions about identities of others, answered for the one provider we have."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the operator's provider, kept nowhere but in the environment."""
        known = settings.OIDC
        if known is None:
            return []
        return [
            SocialApp(
                provider=VNeIDProvider.id,
                provider_id=known.issuer,
                name=VNeIDProvider.name,
                client_id=known.client_id,
                secret=known.client_secret,
            )
        ]

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> VNeIDProvider:
        """Return the one provider; SocialApp.DoesNotExist where none is set."""
        return VNeIDProvider(request, app=self.get_app(request, provider))

    def get_requests_session(self) -> Session:
        """Return allauth's session with its time-out, which follows no redirect (F42)."""
        session: Session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Lead the sign-in to the account of the person whose number was proved, or refuse it."""
        proved: Proved = sociallogin.proved
        try:
            with transaction.atomic():
                citizen = _person(proved.number)
                if citizen.died_on is not None or citizen.survivor_id is not None:
                    closed = get_account_adapter(request).respond_user_inactive
                    raise ImmediateHttpResponse(closed(request, sociallogin.user))
                if not sociallogin.is_existing:
                    sociallogin.lookup()  # another sign-in may have made it while this one waited
                if sociallogin.is_existing:
                    _same_person(sociallogin.user, citizen)
                else:
                    sociallogin.connect(request, _account(citizen, proved))
                    _log.info("identity_linked", citizen=citizen.pk, issuer=proved.issuer)
        except RefusedSignInError as error:
            answer = refuse(request, error.reason, issuer=proved.issuer)
            raise ImmediateHttpResponse(answer) from error

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: VNeIDProvider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Answer whatever stopped the sign-in with the page of its reason."""
        reason = Refusal.UNREACHABLE
        if isinstance(exception, RefusedSignInError):
            reason = exception.reason
        elif error == AuthError.CANCELLED:
            reason = Refusal.CANCELLED
        elif exception is None and "state_id" in (extra_context or {}):
            reason = Refusal.STATE
        raise ImmediateHttpResponse(refuse(request, reason, issuer=provider.sub_id))


def _person(number: str) -> Citizen:
    """Return the one with this number, locked: two first sign-ins at once make one account."""
    people = Citizen.objects.with_pin(number).select_for_update(of=("self",))
    citizen = people.first()
    if citizen is None:
        raise RefusedSignInError(Refusal.UNKNOWN_PERSON)
    return citizen


def _same_person(user: User, citizen: Citizen) -> None:
    if user.citizen_id != citizen.pk:
        raise RefusedSignInError(Refusal.OTHER_PERSON)


def _account(citizen: Citizen, proved: Proved) -> User:
    """Return the person's account, made where there was none; one identity of an issuer each."""
    user = open_account(citizen=citizen)
    if SocialAccount.objects.filter(user=user, provider=proved.issuer).exists():
        raise RefusedSignInError(Refusal.OTHER_IDENTITY)
    return user
