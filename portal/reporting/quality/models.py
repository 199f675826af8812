"""What the official index said of a place on a day, kept beside ours."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citizens.models import Unit
from portal.common.models import recorded_at


class OfficialScore(models.Model):
    """Points, share and rank of a unit as they were published; `group` "" is the whole index.

    Points and share may both be printed: then one follows from the other, or does not, and the page
    shows both.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    on = models.DateField(_("as of"))
    group = models.CharField(_("group"), max_length=30, blank=True, default="")
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2, null=True, blank=True)
    max_points = models.DecimalField(_("points at most"), max_digits=5, decimal_places=2)
    share = models.DecimalField(
        _("share (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    ranked = models.PositiveSmallIntegerField(_("of so many"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("official score")
        verbose_name_plural = _("official scores")
        ordering = ["-on", "unit__code", "group"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "on", "group"], name="official_score_once"),
            models.CheckConstraint(
                name="official_score_says_something",
                condition=Q(points__isnull=False) | Q(share__isnull=False),
            ),
            models.CheckConstraint(
                name="official_score_within",
                condition=Q(points=None) | Q(points__lte=F("max_points")),
            ),
            models.CheckConstraint(
                name="official_rank_within",
                condition=Q(rank=None, ranked=None) | Q(rank__gte=1, rank__lte=F("ranked")),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.unit_id} {self.on:%d/%m/%Y} {self.group}"


class Publication(models.Model):
    """By when the province had to publish a procedure after a ministry's decision, and when it did.

    Of procedures by their national code: most are not in this portal's catalogue.
    """

    procedure = models.CharField(_("procedure code"), max_length=20)
    name = models.CharField(_("name"), max_length=400, blank=True, default="")
    decision = models.CharField(_("decision"), max_length=60)
    due_on = models.DateField(_("to be published by"))
    published_on = models.DateField(_("published on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("publication of a procedure")
        verbose_name_plural = _("publications of procedures")
        ordering = ["-due_on", "procedure"]
        indexes = [models.Index(fields=["due_on"], name="publication_due")]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "decision"], name="publication_once")
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.decision}"
