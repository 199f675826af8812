"""A column that shows a state as a coloured word; typed, which unfold's own decorator is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from unfold.decorators import display

Column = TypeVar("Column", bound=Callable[..., Any])


class _Tones(dict[str, str]):
    """Tones by value; a value without one is shown by its word too, in no colour.

    unfold shows the stored value itself where its mapping has no key.
    """

    def __missing__(self, value: str) -> str:
        return ""


def labelled(
    description: Any, *, label: Mapping[str, str], ordering: str | None = None
) -> Callable[[Column], Column]:
    """Decorate a method that returns (value, word); `label` maps values to unfold's tones."""

    def decorate(column: Column) -> Column:
        shown: Column = display(
            column, description=description, ordering=ordering, label=_Tones(label)
        )
        return shown

    return decorate
