"""What a notice saved somebody: trips, fields, papers, days; decided over plain values.

A matter takes three trips where nobody prepares it: one to ask what is needed, one to hand it in,
one to collect the result. A fee is paid on one of them. `docs/savings.md` says the same in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# The request form itself, which the portal writes: no paper that anybody would have had to fetch.
GENERATED = "GENERATED"
_REGISTER = "register"


@dataclass(frozen=True)
class Story:
    """What happened with a dossier whose result is in its owner's hands.

    `was_told`: it began with a notice of the portal, which had it ready. `from_afar`: filed online
    or by post. `paid_at_counter`: its fee was. `back_from_afar`: the result came online or by post.
    Counts are None where the dossier is older than the count; `days_before` is None where no paper
    was running out.
    """

    was_told: bool
    from_afar: bool
    paid_at_counter: bool
    back_from_afar: bool
    fields: int | None
    fields_known: int | None
    papers_known: int
    days_before: int | None


@dataclass(frozen=True)
class Saving:
    """Trips that were not needed, one by one, and what nobody had to write or bring."""

    asking: int
    filing: int
    collecting: int
    fields: int
    fields_known: int
    papers_known: int
    days_before: int | None

    @property
    def trips(self) -> int:
        """All trips that were not needed, of three."""
        return self.asking + self.filing + self.collecting


def saving_of(story: Story) -> Saving:
    """Return what was saved, by the rules of `docs/savings.md`.

    Asking is saved by a notice alone: who finds out by themselves has asked, if not on foot. Filing
    from afar is no trip, unless the fee took the person to the counter all the same.
    """
    return Saving(
        asking=int(story.was_told),
        filing=int(story.from_afar and not story.paid_at_counter),
        collecting=int(story.back_from_afar),
        fields=story.fields or 0,
        fields_known=story.fields_known or 0,
        papers_known=story.papers_known,
        days_before=story.days_before,
    )


def counted_fields(form: Mapping[str, Mapping[str, Any]]) -> tuple[int, int]:
    """Return how many answers a frozen form has, and how many of them a register gave."""
    known = sum(field.get("source") == _REGISTER for field in form.values())
    return len(form), known
