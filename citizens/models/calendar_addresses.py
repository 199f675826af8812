"""The secret address at which a calendar program reads what comes in a person's family."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.models.parties import Citizen


class CalendarAddress(models.Model):
    """One a person; of its token (256 random bits) only the SHA-256 is kept.

    No salt is needed where nothing can be guessed. `read_on` is the civil date on which a program
    read it last, to the day: more would be a trace of its owner.
    """

    citizen = models.OneToOneField(
        Citizen, models.CASCADE, primary_key=True, related_name="calendar_address"
    )
    token_sha256 = models.BinaryField(max_length=32, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"))
    read_on = models.DateField(_("read on"), null=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return f"#{self.citizen_id}"
