"""allauth's second step: its forms in words that say what is meant, and a page where it is shut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from portal.common.errors import SealError

_CODE = _("Code from the app, or a recovery code")
_NAME = _("Name of the key, to tell it from others")
_ALONE = _("This key alone is enough, without the password")


_PAGES = "/accounts/"
_UNAVAILABLE = 503
_log = structlog.get_logger(__name__)


class ShutSecretsMiddleware:
    """Says what to do where a second step was sealed under another key than the portal has now."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take what answers."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as ever."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Answer 503 in words instead of a fault; who runs the portal reads of it in the log."""
        if not isinstance(fault, SealError) or not request.path.startswith(_PAGES):
            return None
        _log.error("second_step_shut", error=str(fault))
        return render(request, "errors/second_step.html", status=_UNAVAILABLE)


class CodeForm(AuthenticateForm):
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say which code."""
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _CODE


class CodeAgainForm(ReauthenticateForm):
    """The same, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say which code."""
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _CODE


class AddKeyForm(AddWebAuthnForm):
    """A further key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what the name is for; the second choice is there where keys may sign in alone."""
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _NAME
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = _ALONE


class EditKeyForm(EditWebAuthnForm):
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what the name is for."""
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _NAME
