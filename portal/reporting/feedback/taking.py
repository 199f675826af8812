"""Feedback from its sender: taken in, found again by its code, rated."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Unit, User
from citizens.selectors import working_calendar
from dossiers.enums import Satisfaction
from portal.common import clock
from portal.common.errors import RefusedError
from portal.reporting.feedback.enums import FeedbackAct, FeedbackState
from portal.reporting.feedback.models import LONGEST_WORDS, Feedback, FeedbackStep
from portal.reporting.feedback.terms import term_on

# Without letters and digits that look alike; 16 of 31 are 79 random bits.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH, _GROUP = 16, 4


@transaction.atomic
def take_feedback(
    *,
    words: str,
    unit: Unit | None,
    now: datetime,
    sender: User | None = None,
    received_by: User | None = None,
) -> tuple[Feedback, str]:
    """Take in what somebody wrote; return it and the code that finds it again.

    The code is told this once: only its digest is kept. RefusedError without words.
    """
    said = said_in(words)
    code = "".join(secrets.choice(_LETTERS) for _place in range(_LENGTH))
    day = clock.civil_date(now)
    due_on = working_calendar().add_working_days(day, term_on(day).working_days)
    row = Feedback.objects.create(
        digest=_digest(code),
        sender=sender,
        received_by=received_by,
        unit=unit,
        received_on=day,
        due_on=due_on,
    )
    FeedbackStep.objects.create(
        feedback=row, act=FeedbackAct.RECEIVED, by=received_by, words=said, at=now
    )
    return row, "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def feedback_of(*, code: str) -> Feedback | None:
    """Return the feedback that a code was told for, however it is written."""
    plain = "".join(letter for letter in code.upper() if letter in _LETTERS)
    if len(plain) != _LENGTH:
        return None
    return Feedback.objects.filter(digest=_digest(plain)).select_related("unit", "agency").first()


@transaction.atomic
def rate_answer(*, feedback: Feedback, answer: Satisfaction, now: datetime) -> Feedback:
    """Keep how satisfied the sender is with the answer: once, and never changed.

    RefusedError before there is an answer, and when it was rated.
    """
    row = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if row.state != FeedbackState.ANSWERED:
        raise RefusedError(_("It is not answered yet."))
    if row.rating:
        raise RefusedError(_("You have rated this answer already."))
    row.rating = answer
    row.version += 1
    row.save(update_fields=["rating", "version"])
    FeedbackStep.objects.create(feedback=row, act=FeedbackAct.RATED, by=None, at=now)
    return row


def said_in(words: str) -> str:
    """Return the words without spaces around; RefusedError for none or too many."""
    said = words.replace("\x00", "").strip()
    if not said or len(said) > LONGEST_WORDS:
        most = {"most": LONGEST_WORDS}
        raise RefusedError(_("Please write what you mean, in at most %(most)d letters.") % most)
    return said


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
