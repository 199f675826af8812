"""What people wrote about how procedures are handled, and every step until it is answered."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import Agency, Unit, User
from dossiers.models.ratings import SATISFACTIONS
from portal.common.models import Versioned, public_id, recorded_at
from portal.reporting.feedback.enums import FeedbackAct, FeedbackState

STATES = [
    (FeedbackState.RECEIVED, _("Received")),
    (FeedbackState.ASSIGNED, _("With an office")),
    (FeedbackState.ANSWERED, _("Answered")),
]
ACTS = [
    (FeedbackAct.RECEIVED, _("Received")),
    (FeedbackAct.ASSIGNED, _("Assigned")),
    (FeedbackAct.ANSWERED, _("Answer")),
    (FeedbackAct.RATED, _("Rated by the sender")),
]
LONGEST_WORDS = 2_000


class Feedback(Versioned):
    """One matter that somebody brought up; its words and answers stand in its steps.

    `digest` is the SHA-256 of the code by which the sender finds it again; the code itself is told
    once and kept nowhere. `sender` is whoever was signed in, `received_by` the official who wrote
    it down at a unit. `unit` is the one that it is about, as far as the sender knew.
    """

    public_id = public_id()
    digest = models.CharField(max_length=64, unique=True, editable=False)
    sender = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="feedback")
    received_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="feedback",
        verbose_name=_("office"),
    )
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("to be answered by"))
    answered_on = models.DateField(_("answered on"), null=True)
    state = models.CharField(
        _("state"), max_length=8, choices=STATES, default=FeedbackState.RECEIVED
    )
    rating = models.CharField(
        _("rating"), max_length=14, choices=SATISFACTIONS, blank=True, default=""
    )
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["received_on"], name="feedback_received"),
            models.Index(
                fields=["due_on"],
                name="feedback_open",
                condition=~Q(state=FeedbackState.ANSWERED),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="feedback_answered_on_a_day",
                condition=Q(state=FeedbackState.ANSWERED, answered_on__isnull=False)
                | ~Q(state=FeedbackState.ANSWERED) & Q(answered_on=None),
            ),
            models.CheckConstraint(
                name="feedback_rated_when_answered",
                condition=Q(rating="") | Q(state=FeedbackState.ANSWERED),
            ),
            models.CheckConstraint(
                name="feedback_assigned_to_somebody",
                condition=Q(state=FeedbackState.RECEIVED) | Q(agency__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received_on:%d/%m/%Y} {self.state}"

    def is_late(self, day: date) -> bool:
        """Return whether the answer was due before `day` and is not given, or came too late."""
        return (self.answered_on or day) > self.due_on


class FeedbackStep(models.Model):
    """One step: who did it and when; never changed. Without `by` it was the sender."""

    feedback = models.ForeignKey(Feedback, models.PROTECT, related_name="steps")
    act = models.CharField(_("step"), max_length=8, choices=ACTS)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))
    words = models.CharField(_("in words"), max_length=LONGEST_WORDS, blank=True, default="")

    class Meta:
        verbose_name = _("step of feedback")
        verbose_name_plural = _("steps of feedback")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="feedback_step_says_something",
                condition=~Q(act__in=[FeedbackAct.RECEIVED, FeedbackAct.ANSWERED]) | ~Q(words=""),
                violation_error_message=_("Please write what you mean."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.feedback_id} {self.act}"
