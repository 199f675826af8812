"""The account of a citizen: each has at most one, and it is opened for who proved to be it."""

from __future__ import annotations

from secrets import token_hex

from citizens.enums import UserKind
from citizens.models import Citizen, User


def open_account(*, citizen: Citizen) -> User:
    """Return the citizen's account, made without a password where there was none.

    Whoever calls has locked the citizen's row and holds a proof of the personal number. The
    sign-in name says nothing about the person.
    """
    found = User.objects.filter(citizen=citizen).first()
    return found or User.objects.create_user(
        f"cd-{token_hex(8)}",
        kind=UserKind.CITIZEN,
        citizen=citizen,
        display_name=citizen.full_name,
    )
