"""Which scope of an app's token opens which room of the API."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# By the first part of an address below v1/; what is not here no token opens.
_SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "me": "me",
        "credentials": "me",
        "preferences": "me",
        "calendar": "me",
        "devices": "me",
        "suggestions": "suggestions",
        "drafts": "drafts",
        "papers": "papers",
        "dossiers": "dossiers",
        "inbox": "inbox",
        "looks": "looks",
    }
)


def scope_of(route: str) -> str | None:
    """Return the scope that opens the addresses of a route, None where no token does."""
    room = route.rpartition("v1/")[2].split("/")[0]
    return _SCOPES.get(room)
