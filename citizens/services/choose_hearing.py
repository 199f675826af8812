"""In which language and at which hours a person wants to be told."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from citizens.models import User
from citizens.models.accounts import FIRST_HOUR, LAST_HOUR
from portal.common.errors import RefusedError


def choose_hearing(*, user: User, language: str, first_hour: int, last_hour: int) -> None:
    """Let messages to the user come in a language, between two hours of the civil day.

    The next message obeys. RefusedError for a language that nobody wrote texts in, and for hours of
    the night, which is everybody's.
    """
    if language not in dict(settings.LANGUAGES):
        raise RefusedError(_("The portal does not speak this language."))
    if not FIRST_HOUR <= first_hour < last_hour <= LAST_HOUR:
        raise RefusedError(_("Messages come between 7 and 21 o’clock only."))
    user.language, user.heard_from, user.heard_until = language, first_hour, last_hour
    user.save(update_fields=["language", "heard_from", "heard_until"])
