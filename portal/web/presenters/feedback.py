"""Feedback as its sender reads it: where it is, until when it is answered, the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from citizens.models import Unit
from portal.common import clock
from portal.reporting.feedback.enums import FeedbackAct, FeedbackState
from portal.reporting.feedback.models import Feedback


@dataclass(frozen=True, slots=True)
class FeedbackLine:
    """One feedback; `rating` in words, "" before there is one; `may_rate` once it is answered."""

    words: str
    received_on: date
    state: str
    where: str
    due_on: date
    is_late: bool
    answer: str
    answered_on: date | None
    rating: str
    may_rate: bool


def line_of(row: Feedback) -> FeedbackLine:
    """Return a feedback, whose steps were fetched, as its sender reads it."""
    said = {FeedbackAct(step.act): step.words for step in row.steps.all()}
    is_answered = row.state == FeedbackState.ANSWERED
    where = row.agency or row.unit
    return FeedbackLine(
        words=said.get(FeedbackAct.RECEIVED, ""),
        received_on=row.received_on,
        state=row.get_state_display(),
        where=str(where) if where else "",
        due_on=row.due_on,
        is_late=row.is_late(clock.today()),
        answer=said.get(FeedbackAct.ANSWERED, ""),
        answered_on=row.answered_on,
        rating=row.get_rating_display() if row.rating else "",
        may_rate=is_answered and not row.rating,
    )


def unit_choices(units: Sequence[Unit]) -> list[tuple[str, str]]:
    """Return that it is not known, then each unit by name."""
    named = sorted(units, key=lambda one: one.name_vi)
    return [("", _("I do not know")), *((one.code, one.name_vi) for one in named)]
