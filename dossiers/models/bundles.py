"""The children of a bundle case: each waits, is filed, and ends on its own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.enums import BundleStepState
from dossiers.models.dossiers import BundleCase, Dossier
from portal.common.models import Versioned
from procedures.models import Procedure

BUNDLE_STEP_STATES = [
    (BundleStepState.WAITING, _("Waits for another")),
    (BundleStepState.READY, _("May be filed")),
    (BundleStepState.FILED, _("Filed")),
    (BundleStepState.DONE, _("Done")),
    (BundleStepState.FAILED, _("Came to no result")),
    (BundleStepState.REPLACED, _("Replaced")),
    (BundleStepState.DROPPED, _("Left out")),
]


class BundleStep(Versioned):
    """One procedure of a bundle case; `after` lists the procedures that must be decided first."""

    case = models.ForeignKey(BundleCase, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField(_("position"))
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="bundle_steps")
    after = models.JSONField(_("after"), default=list)
    is_optional = models.BooleanField(_("optional"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=BUNDLE_STEP_STATES, default=BundleStepState.WAITING
    )
    dossier = models.OneToOneField(Dossier, models.PROTECT, null=True, related_name="bundle_step")
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("step of a bundle case")
        verbose_name_plural = _("steps of a bundle case")
        ordering = ["case", "position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="bundle_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.procedure}"
