"""How a transport reads and writes tables of its own: in the dispatcher's thread, briefly."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import DatabaseError, InterfaceError, connection

from notifications.transports.base import TransportError
from portal.common.sql import is_database_away

P = ParamSpec("P")
R = TypeVar("R")


async def in_database(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run database work; TransportError (nothing was sent) where the database is away."""
    return await sync_to_async(_with_connection)(work, *args, **kwargs)


def _with_connection(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return work(*args, **kwargs)
    except (DatabaseError, InterfaceError) as error:
        if not is_database_away(error):
            raise
        if not connection.in_atomic_block:
            connection.close()
        raise TransportError("the database is away") from None
