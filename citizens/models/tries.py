"""How often somebody tried something that may be tried a few times only."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tries(models.Model):
    """Tries of one key at one thing, within a span that ends at `until`.

    `key` is a keyed digest: neither codes nor addresses can be read from the table.
    """

    key = models.BinaryField(max_length=32, unique=True, editable=False)
    try_count = models.PositiveIntegerField(default=0, db_default=0)
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("tries")
        verbose_name_plural = _("tries")
        indexes = [models.Index(fields=["until"], name="tries_ended")]

    def __str__(self) -> str:
        return f"{self.try_count}"
