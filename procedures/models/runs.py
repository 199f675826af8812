"""What each scan did, rule by rule."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.common.models import recorded_at
from procedures.enums import RunState, ScanKind
from procedures.models.catalogue import RuleVersion

SCAN_KINDS = [(ScanKind.NIGHTLY, _("Nightly")), (ScanKind.CHANGES, _("Changed facts"))]
RUN_STATES = [
    (RunState.RUNNING, _("Running")),
    (RunState.FINISHED, _("Finished")),
    (RunState.FAILED, _("Failed")),
]


class ScanRunQuerySet(models.QuerySet["ScanRun"]):
    def finished(self, on_date: date) -> ScanRunQuerySet:
        """The nightly run of all rules of a date, where it ended without an error."""
        return self.filter(
            kind=ScanKind.NIGHTLY, on_date=on_date, scope="", state=RunState.FINISHED
        )


class ScanRun(models.Model):
    """One scan of one civil date; unique, so that two schedulers make one run."""

    kind = models.CharField(_("kind"), max_length=10, choices=SCAN_KINDS)
    on_date = models.DateField(_("for date"))
    scope = models.CharField(_("scope"), max_length=80, blank=True, default="")
    state = models.CharField(
        _("state"), max_length=10, choices=RUN_STATES, default=RunState.RUNNING
    )
    resumed_count = models.PositiveSmallIntegerField(_("resumed"), default=0)
    lease_until = models.DateTimeField(null=True)
    started_at = recorded_at()
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = ScanRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan run")
        verbose_name_plural = _("scan runs")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "on_date", "scope"], name="scan_run_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on_date:%d/%m/%Y} {self.scope}".strip()

    @property
    def is_resumed(self) -> bool:
        """Whether this copy of the row stands for a run that was taken over and goes on."""
        return self.resumed_count > 0 and self.state == RunState.RUNNING


class ScanRunRule(models.Model):
    """Counts of one rule in one run, added up over repetitions; a crash loses no finished rule."""

    run = models.ForeignKey(ScanRun, models.CASCADE, related_name="rules")
    rule_version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="+")
    cursor = models.DateField(null=True)
    opened_count = models.PositiveIntegerField(_("opened"), default=0)
    message_count = models.PositiveIntegerField(_("messages"), default=0)
    reminded_count = models.PositiveIntegerField(_("reminded"), default=0)
    retired_count = models.PositiveIntegerField(_("retired"), default=0)
    duration_ms = models.PositiveIntegerField(_("duration (ms)"), default=0)
    error = models.CharField(_("error"), max_length=200, blank=True, default="")
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("scan run of a rule")
        verbose_name_plural = _("scan runs by rule")
        constraints = [
            models.UniqueConstraint(fields=["run", "rule_version"], name="scan_run_rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.rule_version}"
