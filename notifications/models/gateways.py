"""What all dispatchers share about a gateway: is it paused or broken, and how fast it is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.models import User
from notifications.models.texts import CHANNELS


class GatewayState(models.Model):
    """One row a channel. An operator pauses it; a dispatcher notes that it broke, and until when.

    `free_at` is when the next message may leave under the gateway's rate: every dispatcher takes
    its turns by moving it on. `last_error` is a kind of error, never an address.
    """

    channel = models.CharField(max_length=8, primary_key=True, choices=CHANNELS)
    is_paused = models.BooleanField(_("paused"), default=False, db_default=False)
    pause_reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    paused_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    paused_at = models.DateTimeField(_("paused at"), null=True)
    broken_until = models.DateTimeField(_("broken until"), null=True)
    failure_count = models.PositiveIntegerField(_("failures in a row"), default=0, db_default=0)
    last_error = models.CharField(_("last error"), max_length=200, blank=True, default="")
    last_error_at = models.DateTimeField(_("last error at"), null=True)
    last_success_at = models.DateTimeField(_("last success at"), null=True)
    free_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("gateway")
        verbose_name_plural = _("gateways")

    def __str__(self) -> str:
        return self.channel


class DailyCount(models.Model):
    """How many SMS a number was given on a civil day: whoever sends, the cap is here (F22)."""

    address_index = models.BinaryField(max_length=32, editable=False)
    day = models.DateField(_("day"))
    sent_count = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("SMS to a number on a day")
        verbose_name_plural = _("SMS to numbers by day")
        constraints = [
            models.UniqueConstraint(fields=["address_index", "day"], name="daily_count_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.sent_count}"
