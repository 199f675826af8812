"""Tries to follow a dossier by its code without signing in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TrackingTries(models.Model):
    """How often one code, or one address, was tried within a span that ends at `until`.

    `key` is a keyed digest: neither codes nor addresses can be read from the table.
    """

    key = models.BinaryField(max_length=32, unique=True, editable=False)
    try_count = models.PositiveIntegerField(default=0, db_default=0)
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("tries to follow a dossier")
        verbose_name_plural = _("tries to follow dossiers")
        indexes = [models.Index(fields=["until"], name="tracking_tries_ended")]

    def __str__(self) -> str:
        return f"{self.try_count}"
