"""The name of a stored value in an address: sealed for one person, so it tells and opens nothing.

Rows of registers have no public id of their own, and a plain key would say how many there are.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from citizens.enums import FactTable
from citizens.models import Citizen
from citizens.selectors import Origin
from portal.common.crypto import seal_json, unseal_json
from portal.common.errors import SealError


class OriginToken:
    """The converter of such names in the table of addresses."""

    regex = "[0-9A-Za-z_-]{40,300}"

    def to_python(self, value: str) -> str:
        """Return the text."""
        return value

    def to_url(self, value: str) -> str:
        """Return the text."""
        return value


def token_of(*, origin: Origin, citizen: Citizen) -> str:
    """Return the name of `origin` for the pages of `citizen`; no two are alike."""
    sealed = seal_json([origin.table, origin.object_id, origin.column], **_place(citizen))
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def origin_of(*, token: str, citizen: Citizen) -> Origin | None:
    """Return the value that a name of this person's stands for, None for anybody else's."""
    try:
        padded = token + "=" * (-len(token) % 4)
        table, key, column = unseal_json(urlsafe_b64decode(padded), **_place(citizen))
    except (SealError, ValueError):
        return None
    return Origin(FactTable(table), key, column)


def _place(citizen: Citizen) -> dict[str, Any]:
    return {"table": "web", "column": "origin", "identity": str(citizen.pk).encode()}
