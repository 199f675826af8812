"""Which messages an operator means: by state, topic, channel, reason, place, or one alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q, QuerySet

from notifications.models import Message

_RECIPIENTS_UNIT = (
    "recipient__citizen__unit",
    "recipient__organisation__unit",
    "recipient__household__unit",
)


@dataclass(frozen=True)
class Picked:
    """A filter over messages; what is empty does not narrow. `upto` is the last key that counts.

    It is read from an address and kept with an act, so it holds plain values only.
    """

    states: tuple[str, ...]
    topic: str = ""
    channel: str = ""
    reason: str = ""
    unit: int | None = None
    message: str = ""
    upto: int | None = None

    def rows(self) -> QuerySet[Message]:
        """Return the messages in no order."""
        exact: dict[str, Any] = {
            "topic": self.topic,
            "channel": self.channel,
            "reason": self.reason,
            "public_id": self.message,
            "pk__lte": self.upto,
        }
        given = {name: value for name, value in exact.items() if value not in ("", None)}
        rows = Message.objects.filter(state__in=self.states, **given)
        return rows.filter(of_units([self.unit])) if self.unit is not None else rows

    def as_scope(self) -> dict[str, Any]:
        """Return the filter as an act keeps it."""
        given = {name: value for name, value in asdict(self).items() if value not in ("", None)}
        return given | {"states": [str(state) for state in self.states]}


def of_units(units: Iterable[int] | QuerySet[Any, Any]) -> Q:
    """Return the condition that a message's recipient belongs to one of these units (keys)."""
    condition = Q()
    for path in _RECIPIENTS_UNIT:
        condition |= Q(**{f"{path}__in": units})
    return condition
