"""What was counted, what was learnt, and what was foretold, so that it can be held against us."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import Unit, User
from portal.common.models import recorded_at
from portal.reporting.enums import Basis, CountKind

COUNT_KINDS = [(kind, kind) for kind in CountKind]
BASES = [(basis, basis) for basis in Basis]


class WeekCount(models.Model):
    """So many of a series in a unit and ISO week (its Monday); a week without a row had none.

    What is due is counted anew until its week has begun and then kept as it was: later the facts
    themselves have moved on. Whoever files is due no more, so `most` keeps the highest count that a
    coming week ever had: so many people there were to act.
    """

    kind = models.CharField(max_length=5, choices=COUNT_KINDS)
    key = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    week = models.DateField()
    count = models.PositiveIntegerField()
    most = models.PositiveIntegerField(db_default=0)
    counted_on = models.DateField()

    class Meta:
        verbose_name = _("count of a week")
        verbose_name_plural = _("counts of weeks")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "week", "unit"], name="week_count_once"),
            models.CheckConstraint(name="week_count_monday", condition=Q(week__iso_week_day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} #{self.unit_id} {self.week:%d/%m/%Y}: {self.count}"


class CountedWeek(models.Model):
    """A week (its Monday) that was counted and foretold to the end.

    A run that broke off leaves no row, so the next bell does it again.
    """

    week = models.DateField(primary_key=True)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("counted week")
        verbose_name_plural = _("counted weeks")

    def __str__(self) -> str:
        return f"{self.week:%d/%m/%Y}"


class ForecastModel(models.Model):
    """A model that was trained; the newest one is used, unless somebody has switched it off.

    `document` is `portal.reporting.forecast.model.Document` as JSON.
    """

    document = models.JSONField()
    trained_on = models.DateField(_("trained on"))
    recorded_at = recorded_at()
    is_active = models.BooleanField(_("in use"), default=True)
    stopped_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("stopped by")
    )
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)

    class Meta:
        verbose_name = _("forecast model")
        verbose_name_plural = _("forecast models")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.trained_on:%d/%m/%Y}"


class ForecastSnapshot(models.Model):
    """What was expected of a series and unit on a day, a number a week from `first_week` on.

    Kept as it was, so that it can be compared with what happened. Of the province too: the interval
    of a sum is not the sum of intervals.
    """

    made_on = models.DateField()
    kind = models.CharField(max_length=5, choices=COUNT_KINDS)
    key = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    first_week = models.DateField()
    basis = models.CharField(max_length=10, choices=BASES)
    expected = ArrayField(models.FloatField())
    low = ArrayField(models.PositiveIntegerField())
    high = ArrayField(models.PositiveIntegerField())

    class Meta:
        verbose_name = _("forecast of a day")
        verbose_name_plural = _("forecasts of days")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key", "unit", "made_on"], name="forecast_snapshot_once"
            )
        ]
        indexes = [models.Index(fields=["unit", "made_on"], name="forecast_of_unit")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} #{self.unit_id} {self.made_on:%d/%m/%Y}"
