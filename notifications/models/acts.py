"""What operators did with the queue and the gateways: append-only, each with its reason."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.models import User
from notifications.enums import ActKind
from notifications.models.messages import STATES, Message
from notifications.models.texts import CHANNELS
from portal.common.models import public_id, recorded_at

ACTS = [
    (ActKind.PAUSE, _("Channel paused")),
    (ActKind.RESUME, _("Channel put back into service")),
    (ActKind.CLOSE_GATE, _("All sending stopped")),
    (ActKind.OPEN_GATE, _("Sending opened again")),
    (ActKind.SUPPRESS, _("Waiting messages taken out")),
    (ActKind.REQUEUE, _("Taken out, put back")),
    (ActKind.RESEND, _("Sent again")),
    (ActKind.HAS_IT, _("Settled: the person has it")),
    (ActKind.HAS_IT_NOT, _("Settled: the person does not have it")),
]


class OperatorAct(models.Model):
    """One press of an operator's button; `scope` holds the filter that chose the messages."""

    kind = models.CharField(_("act"), max_length=12, choices=ACTS)
    channel = models.CharField(_("channel"), max_length=8, choices=CHANNELS, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    scope = models.JSONField(default=dict)
    message_count = models.PositiveIntegerField(_("messages"), default=0)
    undoes = models.ForeignKey(
        "self", models.PROTECT, null=True, db_index=False, related_name="undone_by"
    )
    recorded_at = recorded_at()
    public_id = public_id()

    class Meta:
        verbose_name = _("act of an operator")
        verbose_name_plural = _("acts of operators")
        constraints = [models.UniqueConstraint(fields=["undoes"], name="act_undone_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.recorded_at:%d/%m/%Y %H:%M}"


class ActedMessage(models.Model):
    """A message that an act changed, and the state in which the act found it."""

    act = models.ForeignKey(
        OperatorAct, models.PROTECT, db_constraint=False, db_index=False, related_name="messages"
    )
    message = models.ForeignKey(Message, models.PROTECT, db_constraint=False, related_name="acts")
    state_before = models.CharField(max_length=10, choices=STATES)

    class Meta:
        verbose_name = _("message of an act")
        verbose_name_plural = _("messages of acts")
        constraints = [
            models.UniqueConstraint(fields=["act", "message"], name="acted_message_once")
        ]

    def __str__(self) -> str:
        return f"#{self.act_id}/{self.message_id}"
