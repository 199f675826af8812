"""When a version decides by itself, and how many of its decisions are looked at afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from procedures.definition.parts import Component
from procedures.definition.reading import Node

# A look at less than one in a hundred would find nothing in a year; facts older than a year are
# what registers themselves no longer vouch for.
LEAST_PERCENT, OLDEST_DAYS = 1, 366


@dataclass(frozen=True, slots=True)
class Automatic:
    """Facts of registers may be `max_age_days` old; `sample_percent` of decisions are looked at.

    A risk weight shifts the looks towards decisions that are likelier wrong, but every one keeps a
    chance of at least `sample_percent_min`: without it no error rate could be estimated.
    """

    max_age_days: int
    sample_percent: int
    sample_percent_min: int

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored version."""
        automatic = cls(
            max_age_days=node.integer("max_age_days", low=1, high=OLDEST_DAYS),
            sample_percent=node.integer("sample_percent", low=LEAST_PERCENT, high=100),
            sample_percent_min=node.integer("sample_percent_min", low=LEAST_PERCENT, high=100),
        )
        if automatic.sample_percent_min > automatic.sample_percent:
            node.note(
                "sample_percent_min", "lớn hơn sample_percent", "is larger than sample_percent"
            )
        node.close()
        return automatic


def note_impossible(node: Node, components: Sequence[Component], *, is_visited: bool) -> None:
    """Note on a procedure's node why it could never decide by itself."""
    brought = [one.code for one in components if one.required and not one.satisfied_by_register]
    if brought:
        named = ", ".join(brought)
        node.note(
            "automatic",
            f"không thể: giấy tờ {named} do người dân mang đến",
            f"is impossible: people bring paper {named}",
        )
    if is_visited:
        node.note(
            "automatic",
            "không thể: thủ tục phải thu nhận sinh trắc học",
            "is impossible: biometrics are taken at an office",
        )
