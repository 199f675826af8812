"""What a person is asked before a delivery is taken over: does it really change that much?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from citizens.models import Batch, Citizen
from citizens.registers.declared import FORMATS
from citizens.registers.figures import held_count
from citizens.registers.session import long_statements
from citizens.registers.writing.events import DEATHS
from citizens.services.batch_turns import Reason, said

MOST_CHANGED = 0.2  # of what is held; more than that a person confirms first
# A province loses some twenty in a million of its people a day: far more in one delivery is a
# wrong file until a person has said otherwise. Small places are not asked about a few.
MOST_DEAD, FEW_DEAD = 0.001, 20


def doubts_about(read: Batch) -> list[Reason]:
    """Return why a batch that was read has to wait for a person, if it has to."""
    reasons: list[Reason] = []
    held = _held(read)
    if held and read.changed_count > MOST_CHANGED * held:
        reasons.append(_changes_much(read.changed_count, held))
    if _tells_of_deaths(read) and read.created_count > _most_deaths():
        reasons.append(_ends_many_lives(read.created_count))
    return reasons


def could_change_much(batch: Batch) -> bool:
    """Return whether a file of so many lines could change more than a person must confirm."""
    limit = MOST_CHANGED * _held(batch)
    if _tells_of_deaths(batch):
        limit = min(limit or _most_deaths(), _most_deaths())
    return limit > 0 and (batch.row_count == 0 or batch.row_count > limit)


def _held(batch: Batch) -> int:
    """Count what a delivery is compared with; over millions that may take its time."""
    with long_statements():
        return held_count(batch.register_id, batch.kind)


def _tells_of_deaths(batch: Batch) -> bool:
    event = FORMATS[f"{batch.register_id}.{batch.kind}"].event
    return event is not None and event.kind in DEATHS


def _most_deaths() -> float:
    with long_statements():
        return max(FEW_DEAD, MOST_DEAD * Citizen.objects.alive().count())


def _changes_much(changed: int, held: int) -> Reason:
    values = {"changed": changed, "held": held, "share": f"{100 * changed / held:.0f}"}
    return said(
        lambda: (
            _(
                "It would change %(changed)s of %(held)s facts held (%(share)s %%). Somebody has "
                "to confirm that this is meant."
            )
            % values
        ),
        "changes_much",
    )


def _ends_many_lives(deaths: int) -> Reason:
    return said(
        lambda: (
            _(
                "It tells of %(deaths)s deaths at once. From a death on nothing is sent to a "
                "person any more. Somebody has to confirm that this is meant."
            )
            % {"deaths": deaths}
        ),
        "many_deaths",
    )
