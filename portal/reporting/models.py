"""What was counted, what was learnt, and what was foretold, so that it can be held against us."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import Unit, User
from dossiers.models import Dossier
from portal.common.models import recorded_at
from portal.reporting.enums import Basis, CountKind, Outcome

COUNT_KINDS = [(kind, kind) for kind in CountKind]
BASES = [(basis, basis) for basis in Basis]
OUTCOMES = [
    (Outcome.EARLY, _("Early")),
    (Outcome.ON_TIME, _("Settled on time")),
    (Outcome.LATE, _("Settled late")),
    (Outcome.NO_TERM, _("Without a legal term")),
]


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


class CountedDossier(models.Model):
    """What a dossier counts as in every figure of settlement, as it was last read.

    `unit` is the one whose office decides, `due_on` the last day without an extension (that is an
    apology, no other term), `held_on` the day since which the clock of an unfinished one waits for
    somebody else. Whoever was let go without a decision (withdrawn, not received) is not counted.
    """

    dossier = models.OneToOneField(
        Dossier, models.PROTECT, primary_key=True, related_name="counted_as"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    procedure = models.CharField(_("procedure"), max_length=20)
    field = models.CharField(_("field"), max_length=200)
    filed_on = models.DateField(_("filed on"))
    due_on = models.DateField(_("due on"), null=True)
    held_on = models.DateField(_("waits since"), null=True)
    finished_on = models.DateField(_("finished on"), null=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=OUTCOMES, default="")

    class Meta:
        verbose_name = _("counted dossier")
        verbose_name_plural = _("counted dossiers")
        constraints = [
            models.CheckConstraint(
                name="counted_outcome_when_finished",
                condition=Q(finished_on=None, outcome="")
                | Q(finished_on__isnull=False) & ~Q(outcome=""),
            )
        ]
        indexes = [
            models.Index(fields=["finished_on"], name="counted_finished"),
            models.Index(fields=["unit", "finished_on"], name="counted_unit", include=["filed_on"]),
            models.Index(
                fields=["due_on"],
                name="counted_overdue",
                condition=Q(finished_on=None),
                include=["held_on", "unit", "field"],
            ),
            models.Index(
                fields=["unit", "finished_on"],
                name="counted_late",
                condition=Q(outcome="late"),
                include=["due_on", "held_on"],
            ),
            models.Index(
                fields=["field"], name="counted_unfinished", condition=Q(finished_on=None)
            ),
            models.Index(
                fields=["unit", "due_on"],
                name="counted_open_of_unit",
                condition=Q(finished_on=None),
                include=["finished_on", "held_on", "field", "dossier"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.outcome}"


class SettledMonth(models.Model):
    """So many dossiers of a unit and field settled in a month (its first day), by outcome.

    The sums of `CountedDossier`, kept up with it; those of all fields together have the field "".
    By the month of the due date too: what was due and unfinished at the end of any month follows
    from it.
    """

    month = models.DateField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    field = models.CharField(max_length=200)
    due_month = models.DateField(null=True)
    outcome = models.CharField(max_length=8, choices=OUTCOMES)
    # Signed: what comes off a sum is added as less than nothing.
    count = models.IntegerField()

    class Meta:
        verbose_name = _("month of settled dossiers")
        verbose_name_plural = _("months of settled dossiers")
        indexes = [
            models.Index(fields=["field", "month"], name="settled_field"),
            models.Index(fields=["unit", "month"], name="settled_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "unit", "field", "due_month", "outcome"],
                name="settled_month_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y} #{self.unit_id} {self.outcome}: {self.count}"


class ReportedCount(models.Model):
    """What another system reported of a unit and a period, as it was printed.

    `printed_share` is the percentage that stood beside the counts; ours is made of the counts.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    field = models.CharField(_("field"), max_length=200, blank=True, default="")
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    early = models.PositiveIntegerField(_("early"), default=0)
    on_time = models.PositiveIntegerField(_("on time"))
    late = models.PositiveIntegerField(_("late"), default=0)
    overdue = models.PositiveIntegerField(_("unfinished, overdue"), default=0)
    printed_share = models.DecimalField(
        _("printed share (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=200)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("reported count")
        verbose_name_plural = _("reported counts")
        ordering = ["-last", "unit__code", "field"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "first", "last", "field"], name="reported_count_once"
            ),
            models.CheckConstraint(
                name="reported_period", condition=Q(first__lte=models.F("last"))
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.unit_id} {self.first:%d/%m/%Y}–{self.last:%d/%m/%Y}"


class KeptFigures(models.Model):
    """A version of what was published of a month (its first day), counted until `until`.

    The first one is the month as it ended; each correction since then is a version of its own.
    `digest` is the SHA-256 (hex) of the rows behind it as a CSV, byte for byte as handed out.
    """

    month = models.DateField(_("month"))
    version = models.PositiveSmallIntegerField(_("version"))
    until = models.DateField(_("counted until"))
    digest = models.CharField(_("SHA-256 of the rows"), max_length=64)
    row_count = models.PositiveIntegerField(_("rows"))
    kept_at = models.DateTimeField(_("kept at"))

    class Meta:
        verbose_name = _("kept figures of a month")
        verbose_name_plural = _("kept figures of months")
        ordering = ["-month", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["month", "version"], name="kept_figures_once"),
            models.CheckConstraint(name="kept_month_first_day", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y} v{self.version}"


class KeptCount(models.Model):
    """By how much a version differs from the one before it (the first one from nothing).

    So many rows more or less of a unit, field and outcome. The state of a version is the sum of all
    until then, and its CSV follows from it: of rows alike only their number is told.
    """

    kept = models.ForeignKey(KeptFigures, models.PROTECT, related_name="counts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    field = models.CharField(max_length=200)
    outcome = models.CharField(max_length=8)
    count = models.IntegerField()

    class Meta:
        verbose_name = _("kept count")
        verbose_name_plural = _("kept counts")
        constraints = [
            models.UniqueConstraint(
                fields=["kept", "unit", "field", "outcome"], name="kept_count_once"
            ),
            models.CheckConstraint(name="kept_count_differs", condition=~Q(count=0)),
        ]

    def __str__(self) -> str:
        return f"#{self.kept_id} #{self.unit_id} {self.outcome}: {self.count:+}"
