"""Decisions that a released version takes by itself, and the look at them afterwards."""

from __future__ import annotations

from django.db import models
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
    figures can be weighted back.
    """

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="automatic_decision")
    grounds = models.JSONField(_("grounds"), default=list)
    features = models.JSONField(_("features"), default=dict)
    risk = models.FloatField(_("risk weight"))
    sample_share = models.FloatField(_("chance of a look"))
    is_sampled = models.BooleanField(_("to be looked at"))
    verdict = models.CharField(
        _("verdict"), max_length=10, choices=SAMPLE_VERDICTS, blank=True, default=""
    )
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(_("looked at"), null=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    public_id = public_id()
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("automatic decision")
        verbose_name_plural = _("automatic decisions")

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
