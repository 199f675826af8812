"""Filing at the counter without writing: who was helped, by whom, and how long each step took."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.models import Agency, Citizen, Official, Party
from dossiers.models.dossiers import Dossier
from dossiers.models.tickets import Ticket
from portal.common.models import public_id, recorded_at
from procedures.models import ProcedureVersion


class CounterVisit(models.Model):
    """A person stands at a counter with one matter; ends with a dossier or without."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="counter_visits")
    official = models.ForeignKey(Official, models.PROTECT, related_name="counter_visits")
    applicant = models.ForeignKey(Citizen, models.PROTECT, related_name="counter_visits")
    owner = models.ForeignKey(Party, models.PROTECT, related_name="+")
    procedure_version = models.ForeignKey(
        ProcedureVersion, models.PROTECT, null=True, related_name="+"
    )
    dossier = models.OneToOneField(Dossier, models.PROTECT, null=True, related_name="counter_visit")
    # The called ticket with which the person came; None where nobody draws tickets.
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="visits")
    opened_at = models.DateTimeField(_("opened at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    public_id = public_id()
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("visit at a counter")
        verbose_name_plural = _("visits at counters")

    def __str__(self) -> str:
        return f"#{self.pk}"


class CounterStep(models.Model):
    """One step of a visit, by the stopwatch."""

    visit = models.ForeignKey(CounterVisit, models.CASCADE, related_name="steps")
    step = models.CharField(_("step"), max_length=20)
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("step at a counter")
        verbose_name_plural = _("steps at counters")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.step
