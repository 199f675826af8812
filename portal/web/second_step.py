"""allauth's forms of the second step, asking in words that say what is meant."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _

_CODE = _("Code from the app, or a recovery code")
_NAME = _("Name of the key, to tell it from others")
_ALONE = _("This key alone is enough, without the password")


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
