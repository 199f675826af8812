"""What was made simpler of a procedure, since which day, and by which text."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import User
from portal.reporting.simplifying.enums import Change
from procedures.models import Procedure

CHANGES = [
    (Change.PAPER, _("A paper less")),
    (Change.STEP, _("A step less")),
    (Change.DAYS, _("Fewer days")),
    (Change.ONLINE, _("Online instead of in person")),
    (Change.FEE, _("A lower fee")),
]
LONGEST = 300
NAMED = (Change.PAPER, Change.STEP)
MEASURED = (Change.DAYS, Change.FEE)


class Simplification(models.Model):
    """One simplification; nothing of it changes but that it may be withdrawn, with the reason.

    `subject` is the code of the paper or the step that is dropped, `amount` the days or the fee in
    VND that there are from then on.
    """

    procedure = models.ForeignKey(
        Procedure, models.PROTECT, related_name="simplifications", verbose_name=_("procedure")
    )
    change = models.CharField(_("what is simpler"), max_length=6, choices=CHANGES)
    subject = models.CharField(_("paper or step"), max_length=60, blank=True, default="")
    amount = models.PositiveIntegerField(_("days or fee"), null=True)
    effective_on = models.DateField(_("takes effect on"))
    source = models.CharField(_("by which text"), max_length=LONGEST)
    written_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    at = models.DateTimeField(_("at"))
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_because = models.CharField(max_length=LONGEST, blank=True, default="")

    class Meta:
        verbose_name = _("simplification")
        verbose_name_plural = _("simplifications")
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="simplification_says_what",
                condition=Q(change__in=list(map(str, NAMED)), amount=None) & ~Q(subject="")
                | Q(change__in=list(map(str, MEASURED)), amount__isnull=False, subject="")
                | Q(change=str(Change.ONLINE), amount=None, subject=""),
            ),
            models.CheckConstraint(
                name="simplification_withdrawn_by_somebody",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_because=""),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.procedure_id} {self.change} {self.effective_on:%d/%m/%Y}"
