"""What a leader asks an office about its overdue dossiers, and every word said until it is done."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import Agency, User
from dossiers.models import Dossier
from portal.common.models import Versioned, public_id, recorded_at
from portal.reporting.overdue.enums import DirectiveAct, DirectiveState

STATES = [
    (DirectiveState.OPEN, _("Waits for the explanation")),
    (DirectiveState.EXPLAINED, _("Explained, waits for the leader")),
    (DirectiveState.DONE, _("Done")),
]
ACTS = [
    (DirectiveAct.GIVEN, _("Directive")),
    (DirectiveAct.EXPLAINED, _("Explanation")),
    (DirectiveAct.SENT_BACK, _("Sent back")),
    (DirectiveAct.ACCEPTED, _("Accepted as done")),
]
LONGEST_WORDS = 2_000


class Directive(Versioned):
    """A leader's order to one office about dossiers that were overdue when it was given.

    Its head explains until `due_on`; the leader accepts, or sends it back with a new date.
    """

    public_id = public_id()
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="directives", verbose_name=_("office")
    )
    dossiers = models.ManyToManyField(
        Dossier, related_name="directives", verbose_name=_("dossiers")
    )
    due_on = models.DateField(_("to be explained by"))
    state = models.CharField(_("state"), max_length=9, choices=STATES, default=DirectiveState.OPEN)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("directive")
        verbose_name_plural = _("directives")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(
                fields=["agency", "due_on"],
                name="directive_open",
                condition=~Q(state=DirectiveState.DONE),
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.due_on:%d/%m/%Y}"

    def is_late(self, day: date) -> bool:
        """Return whether the explanation was due before `day` and is not given."""
        return self.state == DirectiveState.OPEN and self.due_on < day


class DirectiveStep(models.Model):
    """One word in the matter: who said it, and when; never changed."""

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="steps")
    act = models.CharField(_("step"), max_length=9, choices=ACTS)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    words = models.CharField(_("in words"), max_length=LONGEST_WORDS, blank=True, default="")

    class Meta:
        verbose_name = _("step of a directive")
        verbose_name_plural = _("steps of directives")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="directive_step_says_something",
                condition=Q(act=DirectiveAct.ACCEPTED) | ~Q(words=""),
                violation_error_message=_("Please write what you mean."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.directive_id} {self.act}"
