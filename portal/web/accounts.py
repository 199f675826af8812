"""How people get an account, never by themselves, and whose account lets nobody in any more."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.http import HttpRequest, HttpResponse

from citizens.models import Citizen, User


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
