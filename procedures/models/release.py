"""What is known of a rule before it speaks to people, and what officials did to it since."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citizens.models import User
from portal.common.models import recorded_at
from procedures.enums import RuleAction, RunState
from procedures.models.catalogue import Rule, RuleVersion
from procedures.models.runs import RUN_STATES

RULE_ACTIONS = [
    (RuleAction.RELEASE, _("Released")),
    (RuleAction.WIDEN, _("Extended to all")),
    (RuleAction.STOP, _("Stopped")),
    (RuleAction.RESUME, _("Resumed")),
    (RuleAction.QUOTA, _("Daily limit set")),
]


class RehearsalRun(models.Model):
    """One rehearsal of a version over a period, for its whole audience, asked by an official.

    `definition_sha256` is the digest of what was rehearsed: a draft that is changed afterwards has
    to be rehearsed anew. `figures` hold counts only, nobody's name or key. `attempt` counts the
    processes that took it up and fences what each of them writes.
    """

    rule_version = models.ForeignKey(
        RuleVersion, models.CASCADE, related_name="rehearsals", verbose_name=_("rule version")
    )
    definition_sha256 = models.CharField(max_length=64, editable=False)
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("to"))
    state = models.CharField(
        _("state"), max_length=10, choices=RUN_STATES, default=RunState.RUNNING
    )
    lease_until = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0, db_default=0)
    asked_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("rehearsed by")
    )
    asked_at = models.DateTimeField(_("asked at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)
    figures = models.JSONField(_("figures"), default=dict)
    error = models.CharField(_("error"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="rehearsal_run_period",
                condition=Q(last_on__gte=F("first_on")),
                violation_error_message=_("The period ends before it begins."),
            )
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(state=RunState.RUNNING),
                name="rehearsal_run_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_version} {self.first_on:%d/%m/%Y} – {self.last_on:%d/%m/%Y}"


class RuleStep(models.Model):
    """What an official did to a rule: rows are only added.

    `before` and `after` are the share of the audience or the daily limit, where that changed.
    """

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="steps", verbose_name=_("rule"))
    rule_version = models.ForeignKey(
        RuleVersion,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("rule version"),
    )
    action = models.CharField(_("what was done"), max_length=10, choices=RULE_ACTIONS)
    before = models.PositiveIntegerField(_("before"), null=True)
    after = models.PositiveIntegerField(_("after"), null=True)
    withdrawn_count = models.PositiveIntegerField(_("suggestions withdrawn"), default=0)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("step of a rule")
        verbose_name_plural = _("steps of rules")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.rule} {self.action} {self.at:%d/%m/%Y}"
