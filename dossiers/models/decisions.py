"""Decisions that a released version takes by itself, and the look at them afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citizens.models import User
from dossiers.enums import SampleVerdict
from dossiers.models.dossiers import Dossier
from portal.common.models import Versioned, public_id, recorded_at
from procedures.models import Procedure

SAMPLE_VERDICTS = [
    (SampleVerdict.UPHELD, _("Rightly decided")),
    (SampleVerdict.WRONG, _("Wrongly decided")),
]


class AutomaticDecision(Versioned):
    """Why a dossier was decided without an official, its risk, and what the look afterwards found.

    `grounds` is a list of ``{requirement, source, as_of, met}``; `features` what the risk weight
    was computed from. `sample_share` is the chance with which this decision was drawn, so that
    figures can be weighted back; `is_drawn` that it was. `is_sampled` says that a person looks: it
    was drawn, or the citizen asked for it (`asked_at`).
    """

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="automatic_decision")
    grounds = models.JSONField(_("grounds"), default=list)
    features = models.JSONField(_("features"), default=dict)
    risk = models.FloatField(_("risk weight"))
    sample_share = models.FloatField(_("chance of a look"))
    is_sampled = models.BooleanField(_("to be looked at"))
    is_drawn = models.BooleanField(_("drawn"), default=False, db_default=False)
    asked_at = models.DateTimeField(_("look asked for at"), null=True)
    verdict = models.CharField(
        _("verdict"), max_length=10, choices=SAMPLE_VERDICTS, blank=True, default=""
    )
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(_("looked at"), null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    public_id = public_id()
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("automatic decision")
        verbose_name_plural = _("automatic decisions")
        constraints = [
            models.CheckConstraint(
                name="automatic_revoked_by_two",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(
                    ~Q(revoked_by=F("reviewed_by")),
                    verdict=SampleVerdict.WRONG,
                    revoked_at__isnull=False,
                    revoked_by__isnull=False,
                    reviewed_by__isnull=False,
                ),
                violation_error_message=_("The one who found it wrong cannot also revoke it."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier}"


class AutomaticRefusal(models.Model):
    """A dossier of an automatic version that stays with officials, and which grounds were missing.

    `grounds` is like that of a decision. Written once: what changes later is the official's to see.
    """

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="automatic_refusal")
    grounds = models.JSONField(_("grounds"), default=list)
    checked_at = models.DateTimeField(_("checked at"))

    class Meta:
        verbose_name = _("dossier left to officials")
        verbose_name_plural = _("dossiers left to officials")

    def __str__(self) -> str:
        return f"{self.dossier}"


class ModeSwitch(models.Model):
    """Automatic decisions of a procedure were switched on or off; the newest row counts."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="mode_switches")
    is_on = models.BooleanField(_("automatic"))
    reason = models.CharField(_("reason"), max_length=500)
    official = models.ForeignKey(User, models.PROTECT, related_name="+")
    happened_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("switch of the decision mode")
        verbose_name_plural = _("switches of the decision mode")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.procedure} {self.is_on}"


class RiskModel(models.Model):
    """Weights of listed features, the baseline, and the measured error; the newest row counts."""

    is_on = models.BooleanField(_("in use"))
    weights = models.JSONField(_("weights"), default=dict)
    baseline = models.FloatField(_("baseline"))
    measured = models.JSONField(_("measured"), default=dict)
    official = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("risk weight")
        verbose_name_plural = _("risk weights")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.happened_at:%d/%m/%Y}"
