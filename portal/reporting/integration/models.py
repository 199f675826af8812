"""The dated stages of each service, and what the national portal lists as integrated."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citizens.models import Agency, User
from portal.reporting.integration.enums import Stage
from procedures.models import Procedure

STAGES = [
    (Stage.PLANNED, _("Planned")),
    (Stage.PILOT, _("Pilot")),
    (Stage.LIVE, _("Live")),
]
LONGEST_NOTE = 500


class ServiceStage(models.Model):
    """One stage of a procedure as it was written down; never changed.

    The row written last decides, those before are its history. `effective_on` is the day for which
    the stage is planned, or since which it holds.
    """

    procedure = models.ForeignKey(
        Procedure, models.PROTECT, related_name="stages", verbose_name=_("procedure")
    )
    stage = models.CharField(_("stage reached"), max_length=7, choices=STAGES)
    effective_on = models.DateField(_("takes effect on"))
    owner = models.ForeignKey(
        Agency, models.PROTECT, related_name="+", verbose_name=_("owner department")
    )
    written_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("note"), max_length=LONGEST_NOTE, blank=True, default="")

    class Meta:
        verbose_name = _("stage of a service")
        verbose_name_plural = _("stages of services")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["procedure", "-id"], name="service_stage_newest")]
        constraints = [
            models.CheckConstraint(
                name="service_stage_known", condition=Q(stage__in=list(map(str, Stage)))
            )
        ]

    def __str__(self) -> str:
        return f"#{self.procedure_id} {self.stage} {self.effective_on:%d/%m/%Y}"

    def is_missed(self, day: date) -> bool:
        """Return whether it was planned for a day before `day` and nothing newer was written."""
        return self.stage == Stage.PLANNED and self.effective_on < day


class IntegratedQuerySet(models.QuerySet["IntegratedService"]):
    def on(self, day: date) -> IntegratedQuerySet:
        """Those integrated on the civil date `day`; without a first day: from the list on."""
        begun = Q(integrated_on=None) | Q(integrated_on__lte=day)
        return self.filter(begun & (Q(ended_on=None) | Q(ended_on__gt=day)))


class IntegratedService(models.Model):
    """A service that the national portal lists as integrated, by its national code."""

    code = models.CharField(_("national code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=300, blank=True, default="")
    integrated_on = models.DateField(_("integrated on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)

    objects = IntegratedQuerySet.as_manager()

    class Meta:
        verbose_name = _("integrated service")
        verbose_name_plural = _("integrated services")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="integrated_begins_before_it_ends",
                condition=Q(integrated_on=None)
                | Q(ended_on=None)
                | Q(integrated_on__lte=F("ended_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()
