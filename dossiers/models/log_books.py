"""Logs of dossiers (form 07 of TT 03/2025/TT-VPCP) as they were drawn up, sealed and kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.models import Agency, User
from portal.common.models import public_id


class LogBook(models.Model):
    """What an official drew up of an agency's days: given out again as it was, never changed.

    `left_count` are the dossiers of these days for which the paper had no room.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="log_books")
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    row_count = models.PositiveIntegerField(_("dossiers"))
    left_count = models.PositiveIntegerField(_("left out"), default=0)
    form_version = models.CharField(_("form of"), max_length=40)
    size = models.PositiveIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64)
    stored_name = models.CharField(max_length=64, unique=True)
    official = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("drawn up at"))
    public_id = public_id()

    class Meta:
        verbose_name = _("kept log of dossiers")
        verbose_name_plural = _("kept logs of dossiers")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.agency} {self.since:%d/%m/%Y} – {self.until:%d/%m/%Y}"
