"""Append-only history of a dossier: its steps, its clock, and the feed that reporting reads."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.models import Citizen, Official, User
from dossiers.enums import Action, Actor, ClockEventKind
from dossiers.models.dossiers import STATUSES, Dossier
from dossiers.models.stages import Delegation
from portal.common.models import recorded_at

ACTIONS = [
    (Action.SUBMIT, _("Submit")),
    (Action.RECEIVE, _("Receive")),
    (Action.REFUSE_RECEPTION, _("Refuse reception")),
    (Action.START_PROCESSING, _("Start processing")),
    (Action.REQUEST_SUPPLEMENT, _("Ask for papers")),
    (Action.SUPPLEMENT, _("Add papers")),
    (Action.REQUEST_PAYMENT, _("Ask for payment")),
    (Action.CONFIRM_PAYMENT, _("Confirm payment")),
    (Action.WITHDRAW, _("Withdraw")),
    (Action.STOP, _("Stop processing")),
    (Action.APPROVE, _("Approve")),
    (Action.RETURN_RESULT, _("Return the result")),
    (Action.FORWARD, _("Pass on to the competent agency")),
    (Action.REASSIGN, _("Hand over to a colleague")),
    (Action.EXTEND, _("Extend the time, with an apology")),
    (Action.WAIT_FOR_SYSTEM, _("Wait for another system")),
    (Action.SYSTEM_ANSWERED, _("The other system answered")),
]
ACTORS = [
    (Actor.CITIZEN, _("Citizen")),
    (Actor.RECEPTIONIST, _("Receptionist")),
    (Actor.CASE_OFFICER, _("Case officer")),
    (Actor.HEAD_OF_UNIT, _("Head of unit")),
    (Actor.SYSTEM, _("System")),
    (Actor.AUTOMATIC, _("Automatic decision")),
]
CLOCK_KINDS = [
    (ClockEventKind.START, _("Clock started")),
    (ClockEventKind.CUT_OFF, _("Received after the cut-off")),
    (ClockEventKind.PAUSE, _("Clock paused")),
    (ClockEventKind.RESUME, _("Clock resumed")),
    (ClockEventKind.EXTENSION, _("Extension")),
    (ClockEventKind.SYNC_WAIT, _("Waiting for another system")),
    (ClockEventKind.CALENDAR_CHANGE, _("Calendar changed")),
    (ClockEventKind.STOP, _("Clock stopped")),
    (ClockEventKind.FINISH, _("Finished")),
]


class DossierEvent(models.Model):
    """One step of a dossier: who did what, from which status to which; never changed."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="events")
    action = models.CharField(_("action"), max_length=20, choices=ACTIONS)
    status_before = models.PositiveSmallIntegerField(_("from"), choices=STATUSES, null=True)
    status_after = models.PositiveSmallIntegerField(_("to"), choices=STATUSES)
    actor_role = models.CharField(_("as"), max_length=16, choices=ACTORS)
    official = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="dossier_steps", verbose_name=_("official")
    )
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, null=True, related_name="+", verbose_name=_("citizen")
    )
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    # Signed in the name of the office holder, or done in the place of an absent colleague.
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, related_name="steps", verbose_name=_("delegation")
    )
    cover_for = models.ForeignKey(
        Official, models.PROTECT, null=True, related_name="+", verbose_name=_("in the place of")
    )
    happened_at = models.DateTimeField(_("at"))
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.dossier} {self.action}"


class ClockEvent(models.Model):
    """One entry of the clock's ledger; the due date is what replaying them gives (house.md 3.8)."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="clock_events")
    kind = models.CharField(_("kind"), max_length=16, choices=CLOCK_KINDS)
    happened_at = models.DateTimeField(_("at"))
    days = models.SmallIntegerField(_("days"), null=True)
    due_on = models.DateField(_("due on afterwards"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("clock entry")
        verbose_name_plural = _("clock ledger")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.dossier} {self.kind}"


class EventFeed(models.Model):
    """Mailbox of this room: a dossier took a step. Its one reader is reporting."""

    event = models.OneToOneField(DossierEvent, models.CASCADE, related_name="+")
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("event feed row")
        verbose_name_plural = _("event feed")

    def __str__(self) -> str:
        return f"#{self.event_id}"
