"""What the citizen said of the service, once, when it was over."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.models import Citizen
from dossiers.enums import Satisfaction
from dossiers.models.dossiers import Dossier
from portal.common.models import recorded_at

SATISFACTIONS = [
    (Satisfaction.SATISFIED, _("Satisfied")),
    (Satisfaction.NEUTRAL, _("So so")),
    (Satisfaction.DISSATISFIED, _("Not satisfied")),
]


class Rating(models.Model):
    """One press, and words if somebody likes to add some."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="rating")
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="ratings")
    answer = models.CharField(_("answer"), max_length=14, choices=SATISFACTIONS)
    words = models.CharField(_("in words"), max_length=1000, blank=True, default="")
    rated_at = models.DateTimeField(_("at"))
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")

    def __str__(self) -> str:
        return f"{self.dossier} {self.answer}"
