"""The reports as they were made; what is corrected later stands in the next one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import Agency, Unit
from portal.common.models import public_id
from portal.reporting.reports.enums import Span

SPANS = [(Span.WEEK, _("Week")), (Span.MONTH, _("Month"))]


class Report(models.Model):
    """A week of a unit or a month of an office, with both files byte for byte and their digests.

    `figures` are the counts that the files tell: `early`, `on_time`, `late`, `overdue`, `no_term`.
    """

    public_id = public_id()
    span = models.CharField(_("kind"), max_length=5, choices=SPANS)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, related_name="+", verbose_name=_("office")
    )
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day of the period"))
    figures = models.JSONField(_("figures"))
    pdf = models.BinaryField(_("PDF"))
    pdf_digest = models.CharField(_("SHA-256 of the PDF"), max_length=64)
    xlsx = models.BinaryField(_("XLSX"))
    xlsx_digest = models.CharField(_("SHA-256 of the XLSX"), max_length=64)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-last", "span", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["span", "first", "unit", "agency"],
                name="report_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="report_office_of_a_month",
                condition=Q(span=Span.WEEK, agency=None) | Q(span=Span.MONTH, agency__isnull=False),
            ),
            models.CheckConstraint(
                name="report_begins_before_it_ends", condition=Q(first__lte=models.F("last"))
            ),
        ]
        indexes = [models.Index(fields=["unit", "-last"], name="report_of_unit")]

    def __str__(self) -> str:
        return f"{self.agency or self.unit} {self.first:%d/%m/%Y}–{self.last:%d/%m/%Y}"

    @property
    def stem(self) -> str:
        """The files' name without what it ends with."""
        whose = self.agency.code if self.agency else self.unit.code
        return f"bao-cao-{whose}-{self.first:%Y%m%d}-{self.last:%Y%m%d}"
