"""Why a dossier took long: causes, disputes with evidence, warnings before the limit."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.models import Official, User
from dossiers.enums import AlertStage, DelayKind, DisputeState
from dossiers.models.dossiers import Dossier
from dossiers.models.papers import Document
from portal.common.models import Versioned, public_id, recorded_at

DELAY_KINDS = [
    (DelayKind.INSIDE, _("Inside the agency")),
    (DelayKind.CITIZEN, _("Waiting for the citizen")),
    (DelayKind.OTHER_AGENCY, _("Another agency")),
    (DelayKind.SYSTEM, _("A system or the connection between systems")),
]
DISPUTE_STATES = [
    (DisputeState.OPEN, _("Open")),
    (DisputeState.UPHELD, _("Upheld")),
    (DisputeState.REJECTED, _("Rejected")),
]
ALERT_STAGES = [
    (AlertStage.HALF, _("Half of the time is used")),
    (AlertStage.TWO_DAYS, _("Two working days left")),
    (AlertStage.ONE_DAY, _("One working day left")),
    (AlertStage.TODAY, _("Due today")),
]


class DelayCause(models.Model):
    """Where working days of one dossier went, as an official states it."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="delay_causes")
    kind = models.CharField(_("cause"), max_length=16, choices=DELAY_KINDS)
    days = models.PositiveSmallIntegerField(_("working days"))
    note = models.CharField(_("note"), max_length=500)
    official = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("cause of delay")
        verbose_name_plural = _("causes of delay")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.dossier} {self.kind} {self.days}"


class Dispute(Versioned):
    """A unit says, with evidence, that a lateness is not its own; another official decides.

    The raw count stays; `excused_days`, granted when upheld, give the corrected one beside it.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="disputes")
    kind = models.CharField(_("cause"), max_length=16, choices=DELAY_KINDS)
    claimed_days = models.PositiveSmallIntegerField(_("working days claimed"))
    grounds = models.CharField(_("grounds"), max_length=1000)
    evidence = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    evidence_note = models.CharField(_("evidence"), max_length=500, blank=True, default="")
    state = models.CharField(
        _("state"), max_length=10, choices=DISPUTE_STATES, default=DisputeState.OPEN
    )
    excused_days = models.PositiveSmallIntegerField(_("working days granted"), default=0)
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="disputes_raised")
    raised_at = models.DateTimeField(_("raised at"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="disputes_decided")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    answer = models.CharField(_("answer"), max_length=1000, blank=True, default="")
    public_id = public_id()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=models.Q(state=DisputeState.OPEN),
                name="dispute_once_open",
                violation_error_message=_("A dispute of this dossier is open already."),
            ),
            models.CheckConstraint(
                name="dispute_decided_by_another",
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("raised_by")),
                violation_error_message=_("Another official must decide this dispute."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier} {self.kind}"


class ClockAlert(models.Model):
    """A case officer was warned of a limit; once a stage and due date."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="clock_alerts")
    stage = models.CharField(_("stage"), max_length=10, choices=ALERT_STAGES)
    due_on = models.DateField(_("due on"))
    official = models.ForeignKey(Official, models.PROTECT, null=True, related_name="clock_alerts")
    seen_at = models.DateTimeField(_("seen at"), null=True)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("warning before a limit")
        verbose_name_plural = _("warnings before limits")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "stage", "due_on"], name="clock_alert_once")
        ]

    def __str__(self) -> str:
        return f"{self.dossier} {self.stage}"
