"""Codes that prove who holds a telephone from which somebody answered that nothing should come."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.models import ContactPoint


class NumberCode(models.Model):
    """One code that was sent to a number; only a keyed hash of it is kept, bound to the number."""

    contact_point = models.ForeignKey(ContactPoint, models.CASCADE, related_name="+")
    code_hash = models.BinaryField(max_length=32, editable=False)
    try_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("code for a number")
        verbose_name_plural = _("codes for numbers")

    def __str__(self) -> str:
        return f"#{self.contact_point_id}"
