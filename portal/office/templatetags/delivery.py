"""Words for the pages about messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from citizens.models import Party
from notifications.models.reasons import reason_label
from portal.office.names import party_name

register = template.Library()


@register.filter
def in_words(reason: str) -> str:
    """Return the reason of a message in words."""
    return reason_label(reason)


@register.filter
def party_named(party: Party | None) -> str:
    """Return the name of a party whose tables were joined."""
    return party_name(party)


@register.filter
def item(row: Sequence[Any], number: int) -> Any:
    """Return the cell of a row by its place, counted from 0."""
    return row[number]


@register.filter
def less(count: int, shown: Sequence[Any]) -> int:
    """Return how many of `count` are not among those shown."""
    return count - len(shown)
