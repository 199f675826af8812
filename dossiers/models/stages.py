"""Who works on a dossier: steps inside the agency, delegated signatures, cover for the absent."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citizens.models import Agency, Official
from dossiers.models.dossiers import Dossier
from portal.common.models import Versioned, public_id, recorded_at, validity
from procedures.enums import TimeUnit

UNITS = [
    (TimeUnit.WORKING_DAY, _("working days")),
    (TimeUnit.CALENDAR_DAY, _("calendar days")),
]


class Stage(models.Model):
    """A step of a procedure's work on one dossier, with its own limit; never the citizen's clock.

    Of a dossier at most one stage is entered and not left: the one it is in.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="stages")
    position = models.PositiveSmallIntegerField(_("position"))
    name_vi = models.CharField(_("step"), max_length=200)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    official = models.ForeignKey(
        Official, models.PROTECT, null=True, related_name="stages", verbose_name=_("with")
    )
    limit_days = models.PositiveSmallIntegerField(_("limit"), null=True)
    limit_unit = models.CharField(max_length=20, choices=UNITS, default=TimeUnit.WORKING_DAY)
    entered_at = models.DateTimeField(_("entered at"), null=True)
    due_on = models.DateField(_("due on"), null=True)
    left_at = models.DateTimeField(_("left at"), null=True)

    class Meta:
        verbose_name = _("step inside the agency")
        verbose_name_plural = _("steps inside the agency")
        ordering = ["dossier", "position"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "position"], name="stage_once"),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(entered_at__isnull=False, left_at__isnull=True),
                name="stage_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name_vi


class Delegation(Versioned):
    """`deputy` signs for the office holder in a field, up to a number of decisions."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="delegations")
    holder = models.ForeignKey(
        Official, models.PROTECT, related_name="delegations_given", verbose_name=_("office holder")
    )
    deputy = models.ForeignKey(
        Official, models.PROTECT, related_name="delegations_held", verbose_name=_("deputy")
    )
    domain_vi = models.CharField(_("field"), max_length=200, blank=True, default="")
    valid = validity()
    ceiling_count = models.PositiveIntegerField(_("at most (decisions)"), null=True, blank=True)
    decision_number = models.CharField(_("by decision"), max_length=60)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    public_id = public_id()
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("delegation of signature")
        verbose_name_plural = _("delegations of signature")
        constraints = [
            models.CheckConstraint(
                name="delegation_not_to_self",
                condition=~Q(holder=F("deputy")),
                violation_error_message=_("Nobody delegates to themselves."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.holder} → {self.deputy}"


class Absence(Versioned):
    """An official is away; `cover` finds their dossiers in the own queue meanwhile."""

    official = models.ForeignKey(
        Official, models.PROTECT, related_name="absences", verbose_name=_("absent")
    )
    cover = models.ForeignKey(
        Official, models.PROTECT, related_name="covers", verbose_name=_("covered by")
    )
    away = validity()
    reason = models.CharField(_("reason"), max_length=120, blank=True, default="")
    ended_at = models.DateTimeField(_("ended early at"), null=True)
    public_id = public_id()
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                name="absence_covered_by_another",
                condition=~Q(official=F("cover")),
                violation_error_message=_("Nobody covers for themselves."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.official} → {self.cover}"
