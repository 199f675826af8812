"""Feedback inside the house: assigned to an office, passed on, answered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Agency, User
from notifications.services import enqueue
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.reporting.feedback.enums import FeedbackAct, FeedbackState
from portal.reporting.feedback.models import LONGEST_WORDS, Feedback, FeedbackStep
from portal.reporting.feedback.reading import may_answer, may_assign
from portal.reporting.feedback.taking import said_in

TOPIC = "feedback_answered"


@transaction.atomic
def assign_feedback(
    *, feedback: Feedback, agency: Agency, user: User, version: int, words: str, now: datetime
) -> Feedback:
    """Give it to an office, or pass it on to another; the day of the answer stays.

    RefusedError for who may not, or for the office that has it already.
    """
    row = _locked(feedback, version)
    if not may_assign(feedback=row, agency=agency, user=user, day=clock.civil_date(now)):
        raise RefusedError(_("Only a leader of this office's unit may assign feedback to it."))
    if row.agency_id == agency.pk:
        raise RefusedError(_("This office has it already."))
    row.agency, row.state = agency, FeedbackState.ASSIGNED
    return _moved(row, FeedbackAct.ASSIGNED, user, words.strip()[:LONGEST_WORDS], now)


@transaction.atomic
def answer_feedback(
    *, feedback: Feedback, user: User, version: int, words: str, now: datetime
) -> Feedback:
    """Answer for the office that has it, and tell who sent it, where a citizen was signed in.

    RefusedError for anybody else, and without words.
    """
    row = _locked(feedback, version)
    day = clock.civil_date(now)
    if not may_answer(feedback=row, user=user, day=day):
        raise RefusedError(_("Only the office that has this feedback answers it."))
    said = said_in(words)
    row.state, row.answered_on = FeedbackState.ANSWERED, day
    row = _moved(row, FeedbackAct.ANSWERED, user, said, now)
    _tell_sender(row, now)
    return row


def _locked(feedback: Feedback, version: int) -> Feedback:
    rows = Feedback.objects.select_for_update(of=("self",)).select_related("agency__unit", "unit")
    row = rows.get(pk=feedback.pk)
    if row.version != version or row.state == FeedbackState.ANSWERED:
        raise StaleVersionError(_("A colleague changed this meanwhile. Please look again."))
    return row


def _moved(row: Feedback, act: FeedbackAct, user: User, words: str, now: datetime) -> Feedback:
    row.version += 1
    row.save(update_fields=["agency", "state", "answered_on", "version"])
    FeedbackStep.objects.create(
        feedback=row, act=act, by=user, agency=row.agency, words=words, at=now
    )
    return row


def _tell_sender(row: Feedback, now: datetime) -> None:
    citizen = row.sender.citizen if row.sender else None
    if citizen is not None:
        enqueue(
            topic=TOPIC,
            params={"received_on": row.received_on.isoformat()},
            dedupe_key=f"feedback:{row.pk}:answered",
            due_at=now,
            recipient=citizen.party,
        )
