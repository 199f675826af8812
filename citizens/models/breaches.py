"""Incidents of personal data: what happened, whose data it touched, and what was done about it."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citizens.enums import BreachAct
from citizens.models.accounts import User
from citizens.models.registers import Register
from citizens.sla import BREACH_LIMIT
from citizens.workflow import breach_code
from portal.common.models import Versioned, public_id, recorded_at

ACTS = [
    (BreachAct.OPENED, _("Incident found")),
    (BreachAct.CONTAINED, _("Contained")),
    (BreachAct.REPORTED, _("Reported to the authority")),
    (BreachAct.TOLD, _("People concerned told")),
    (BreachAct.NOTED, _("Note")),
    (BreachAct.CLOSED, _("Closed")),
]
LONGEST_WORDS = 4_000


class Breach(Versioned):
    """An incident; its words and all that was done stand in its steps.

    Whose data it touched is asked of the log of views and of the registers, never copied here:
    `actor` and `address` are whose looks between `since` and `until` (None: it goes on) are meant,
    `register` whose facts; with both, the people at whom they looked and whom the register holds.
    """

    public_id = public_id()
    title = models.CharField(_("what happened, in a line"), max_length=200)
    found_at = models.DateTimeField(_("found at"))
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    register = models.ForeignKey(
        Register,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("register"),
    )
    reported_at = models.DateTimeField(_("reported at"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("incident of data")
        verbose_name_plural = _("incidents of data")
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="breach_touches_something",
                condition=Q(actor__isnull=False)
                | Q(address__isnull=False)
                | Q(register__isnull=False),
                violation_error_message=_("Please say whose looks or which register it is about."),
            ),
            models.CheckConstraint(
                name="breach_since_before_until",
                condition=Q(until=None) | Q(until__gt=F("since")),
                violation_error_message=_("The end must come after the beginning."),
            ),
            models.CheckConstraint(
                name="breach_closed_after_report",
                condition=Q(closed_at=None) | Q(reported_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        """The number by which people speak of it."""
        return breach_code(self.public_id)

    @property
    def due_at(self) -> datetime:
        """When the authority must have been told."""
        return self.found_at + BREACH_LIMIT


class BreachStep(models.Model):
    """One step: done at `at` as the steward says, recorded when it was written; never changed."""

    breach = models.ForeignKey(Breach, models.PROTECT, related_name="steps")
    act = models.CharField(_("step"), max_length=9, choices=ACTS)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    words = models.CharField(_("in words"), max_length=LONGEST_WORDS)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("step of an incident")
        verbose_name_plural = _("steps of an incident")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["breach", "act"],
                condition=~Q(act=BreachAct.NOTED),
                name="breach_step_once",
            ),
            models.CheckConstraint(
                name="breach_step_says_something",
                condition=~Q(words=""),
                violation_error_message=_("Please write what you mean."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.breach_id} {self.act}"
