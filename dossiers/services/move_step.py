"""Move the steps of a bundle case, on the locked case, and draw what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dossiers.bundle_rules import (
    NEEDS_ANSWERS,
    Child,
    Move,
    Outcome,
    may,
    moved,
    outcome,
    renamed,
    startable,
)
from dossiers.enums import BundleStepState
from dossiers.models import BundleCase, BundleStep
from dossiers.services.tell_case import tell_outcome
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.definition.bundle import BundleDefinition
from procedures.enums import MatterOutcome, SuggestionState
from procedures.models import OpenMatter, Procedure
from procedures.selectors import bundle_version_in_force
from procedures.services import close_matter, fulfil_suggestion, open_matter, reopen_suggestion

LONGEST_REASON = 500


def children_of(steps: Sequence[BundleStep]) -> list[Child]:
    """Return steps as the plain values that the rules read."""
    return [
        Child(
            code=step.procedure.code,
            state=BundleStepState(step.state),
            after=tuple(step.after),
            is_optional=step.is_optional,
            reason=step.reason,
        )
        for step in steps
    ]


def steps_of(case: BundleCase) -> list[BundleStep]:
    """Return the steps of a case in order, with procedure and dossier (one query)."""
    return list(case.steps.select_related("procedure", "dossier").order_by("position"))


def move_step(*, step: BundleStep, move: Move, now: datetime, reason: str = "") -> BundleStep:
    """Move one step of a locked case and return it; RefusedError where the table has no such move.

    What is closed is waited for no longer; of what was taken up again nothing old is kept.
    """
    (child,) = children_of([step])
    after = moved(child.state, move)
    if after is None or not may(child, move):
        raise RefusedError(_("This step cannot be changed that way any more."))
    step.state, step.reason, step.changed_at = after, reason[:LONGEST_REASON], now
    step.version += 1
    if move in (Move.RETRY, Move.RESTORE):
        step.dossier = None
    step.save(update_fields=["state", "reason", "changed_at", "version", "dossier"])
    if move is Move.CLOSE:
        free_those_after(case=step.case, code=child.code, replaced_by=None)
    return step


def free_those_after(*, case: BundleCase, code: str, replaced_by: str | None) -> None:
    """Let the steps that wait for `code` wait for another, or for nothing in its place."""
    for other in case.steps.all():
        if code in other.after:
            other.after = renamed(other.after, code, replaced_by)
            other.save(update_fields=["after"])


@transaction.atomic
def settle_case(*, case: BundleCase, now: datetime) -> Outcome:
    """Draw what follows from how the steps of a locked case stand, and return the outcome.

    What needs nothing more may be filed (a bell files it, not this transaction). The suggestion is
    fulfilled when all is over and something was granted; while nothing runs and nothing was granted
    it waits again, so that the law's dates are not missed in silence.
    """
    steps = steps_of(case)
    may_start = startable(children_of(steps))
    for step in steps:
        if step.procedure.code in may_start:
            move_step(step=step, move=Move.START, now=now)
    children = children_of(steps)
    found = outcome(children)
    granted = sum(child.state is BundleStepState.DONE for child in children)
    if found is Outcome.DONE:
        _fulfil(case, now)
    elif granted == 0 and found is not Outcome.RUNNING and not _asks(children):
        _give_back(case, now)
    tell_outcome(case=case, outcome=found, granted=granted, now=now)
    return found


def hold_matter(*, case: BundleCase, now: datetime) -> None:
    """Note that the linked procedure is under way, so that no rule offers its steps beside it."""
    day = clock.civil_date(now)
    version = bundle_version_in_force(bundle=case.bundle, day=day)
    code = BundleDefinition.from_json(version.definition).linked_procedure if version else None
    procedure = Procedure.objects.filter(code=code).first() if code else None
    if procedure is None or _matter(case) is not None:
        return
    open_matter(
        procedure=procedure,
        party=case.owner,
        anchor=case.suggestion.anchor if case.suggestion else 0,
        reference=case.tracking_code,
        day=day,
    )


def _asks(children: Sequence[Child]) -> bool:
    """Whether a step only waits for an answer: the case is not over, the citizen has the word."""
    return any(one.reason == NEEDS_ANSWERS for one in children)


def _fulfil(case: BundleCase, now: datetime) -> None:
    _close_matter(case, MatterOutcome.GRANTED, now)
    suggestion = case.suggestion
    if suggestion is not None and suggestion.state == SuggestionState.ACCEPTED:
        fulfil_suggestion(suggestion=suggestion, now=now)


def _give_back(case: BundleCase, now: datetime) -> None:
    _close_matter(case, MatterOutcome.WITHDRAWN, now)
    suggestion = case.suggestion
    if suggestion is not None and suggestion.state == SuggestionState.ACCEPTED:
        reopen_suggestion(suggestion=suggestion)


def _matter(case: BundleCase) -> OpenMatter | None:
    open_ones = OpenMatter.objects.filter(party=case.owner, closed_on__isnull=True)
    return open_ones.filter(reference=case.tracking_code).select_related("procedure").first()


def _close_matter(case: BundleCase, ended: MatterOutcome, now: datetime) -> None:
    matter = _matter(case)
    if matter is not None:
        close_matter(
            procedure=matter.procedure,
            party=case.owner,
            anchor=matter.anchor,
            outcome=ended,
            day=clock.civil_date(now),
        )
