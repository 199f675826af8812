"""How people get an account, never by themselves, and whose account lets nobody in any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from citizens.models import Citizen, User
from citizens.services.app_access import end_apps
from portal.common import clock
from portal.common.crypto import seal_inside, unseal_inside

_SECRETS = "mfa_authenticator.data"
_SEEN = "seen_at"
NOTED_EVERY = timedelta(minutes=5)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by the registers and by administrators, not on a form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: there is no sign-up."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponse | None:
        """Let nobody in by the account of somebody who died or was merged away (F21)."""
        person = user.citizen_id
        if person is not None and not Citizen.objects.alive().filter(pk=person).exists():
            clear_login(request)
            response: HttpResponse = self.respond_user_inactive(request, user)
            return response
        answer: HttpResponse | None = super().pre_login(request, user, **told)
        return answer

    def set_password(self, user: User, password: str) -> None:
        """Set it anew; as all other sessions do, every app's access ends with the old one."""
        super().set_password(user, password)
        end_apps(user=user)

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the session, seen now."""
        super().login(request, user)
        request.session[_SEEN] = clock.now().timestamp()


class SecondStepAdapter(DefaultMFAAdapter):
    """The second step of signing in: its secrets lie sealed, a dump opens none."""

    def encrypt(self, text: str) -> str:
        """Seal the secret of an app, or what recovery codes are made from."""
        return seal_inside(text, purpose=_SECRETS)

    def decrypt(self, encrypted_text: str) -> str:
        """Open it."""
        return unseal_inside(encrypted_text, purpose=_SECRETS)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the portal as people know it, where a device asks whom the key is for."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": settings.SITE_NAME}


class LastSeenMiddleware:
    """Notes when a session was last used, at most every five minutes: most requests write nothing.

    allauth's own writes a row with every request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take what answers."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note it after the page, outside of its transaction, where the page read the session."""
        response = self._get_response(request)
        if request.session.accessed:
            self._note(request)
        return response

    def _note(self, request: HttpRequest) -> None:
        seen, now = request.session.get(_SEEN), clock.now()
        if seen is None or now.timestamp() - seen < NOTED_EVERY.total_seconds():
            return
        request.session[_SEEN] = now.timestamp()
        key = request.session.session_key
        UserSession.objects.filter(session_key=key).update(last_seen_at=now)
