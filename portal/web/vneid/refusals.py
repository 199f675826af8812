"""Why a sign-in by VNeID was refused; each reason has its words and its line in the log."""

from __future__ import annotations

from enum import StrEnum

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from structlog import get_logger

_log = get_logger(__name__)


class Refusal(StrEnum):
    ISSUER = "issuer"
    AUDIENCE = "audience"
    NONCE = "nonce"
    ALGORITHM = "algorithm"
    SIGNATURE = "signature"
    TIME = "time"
    SUBJECT = "subject"
    MALFORMED = "malformed"
    SEALED = "sealed"
    CODE = "code"
    STATE = "state"
    CANCELLED = "cancelled"
    UNREACHABLE = "unreachable"
    LEVEL = "level"
    NO_NUMBER = "no_number"
    UNKNOWN_PERSON = "unknown_person"
    OTHER_PERSON = "other_person"
    OTHER_IDENTITY = "other_identity"


_AGAIN = _("Please begin again from the sign-in page of this portal.")
_OFFICE = _(
    "Please bring the identity card to the People's Committee of the commune or ward of residence."
)
# What happened, and what to do about it.
WORDS = {
    Refusal.ISSUER: (_("The answer did not come from VNeID."), _AGAIN),
    Refusal.AUDIENCE: (_("The answer was meant for another service."), _AGAIN),
    Refusal.NONCE: (_("The answer belongs to another attempt to sign in."), _AGAIN),
    Refusal.ALGORITHM: (_("The answer is signed in a way that is not accepted."), _AGAIN),
    Refusal.SIGNATURE: (_("The signature of the answer is not VNeID's."), _AGAIN),
    Refusal.TIME: (_("The answer is out of date."), _AGAIN),
    Refusal.SUBJECT: (_("The parts of the answer speak of two different people."), _AGAIN),
    Refusal.MALFORMED: (_("The answer of VNeID could not be read."), _AGAIN),
    Refusal.SEALED: (_("The answer of VNeID could not be opened."), _AGAIN),
    Refusal.CODE: (_("This confirmation was used already, or is out of date."), _AGAIN),
    Refusal.STATE: (
        _("This attempt did not begin in this browser, or more than ten minutes ago."),
        _AGAIN,
    ),
    Refusal.CANCELLED: (
        _("You cancelled it, or VNeID was not allowed to tell who you are."),
        _("Nothing was changed. You may begin again at any time."),
    ),
    Refusal.UNREACHABLE: (
        _("VNeID does not answer at the moment."),
        _("Nothing was lost. Please try again in a few minutes."),
    ),
    Refusal.LEVEL: (
        _("Your VNeID account is not of level 2 yet."),
        _("The police of any commune or ward raise it to level 2, free of charge."),
    ),
    Refusal.NO_NUMBER: (_("VNeID did not tell a personal number."), _AGAIN),
    Refusal.UNKNOWN_PERSON: (
        _("Your personal number is not among the data of the city yet."),
        _OFFICE,
    ),
    Refusal.OTHER_PERSON: (
        _("This VNeID account signed in for another personal number before."),
        _OFFICE,
    ),
    Refusal.OTHER_IDENTITY: (
        _("Another VNeID account signs in for your personal number already."),
        _OFFICE,
    ),
}


class RefusedSignInError(OAuth2Error):
    """A sign-in that must not go on; allauth hands it to `on_authentication_error`."""

    def __init__(self, reason: Refusal) -> None:
        """Keep the reason."""
        super().__init__(str(reason))
        self.reason = reason


def refuse(request: HttpRequest, reason: Refusal, *, issuer: str) -> HttpResponse:
    """Return the page that says why and what to do; the log gets the reason, never who it was."""
    _log.warning("sign_in_refused", reason=str(reason), issuer=issuer)
    what, then = WORDS[reason]
    words = {"what": what, "then": then, "is_calm": reason is Refusal.CANCELLED}
    return render(request, "account/refused.html", words, status=403)
