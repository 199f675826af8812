"""What a desk works out about a row is worked out once for a page, however often it is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

Column = TypeVar("Column", bound=Callable[..., Any])


def once_a_row(column: Column) -> Column:
    """Keep on the row itself what a read-only column says of it: unfold asks five times."""
    name = f"_shown_{column.__name__}"

    @wraps(column)
    def kept(desk: Any, row: Any) -> Any:
        if name not in row.__dict__:
            row.__dict__[name] = column(desk, row)
        return row.__dict__[name]

    return cast(Column, kept)
