"""Whether an error is the database's own, and so no message's fault."""

from __future__ import annotations

from django.db import InterfaceError, InternalError, OperationalError

_READ_ONLY = "25006"


def is_away(error: BaseException) -> bool:
    """Tell whether the database is gone, full, locked, or takes no writes for now (F3, F4, F13).

    What was to be written is kept then, and written later.
    """
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "pgcode", None) == _READ_ONLY
    return isinstance(error, (OperationalError, InterfaceError))
