"""Base models and column factories that every room shares."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.functions import RandomUUID, TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _


def public_id() -> models.UUIDField[Any, Any]:
    """Return the column that names a row outside the house: random (122 bits), no counter."""
    return models.UUIDField(
        default=uuid.uuid4,
        db_default=RandomUUID(),
        unique=True,
        editable=False,
        verbose_name=_("public id"),
    )


def recorded_at() -> models.DateTimeField[Any, Any]:
    """Return the column that says when the database took the row, by its own clock."""
    return models.DateTimeField(
        db_default=TransactionNow(), editable=False, verbose_name=_("recorded at")
    )


def validity() -> DateRangeField:
    """Return the column ``[from, to)`` of civil dates in which a row holds; ends may be open."""
    return DateRangeField(verbose_name=_("valid"))


class Versioned(models.Model):
    """A row that people edit: writers compare `version` and raise it, so no edit is lost."""

    version = models.PositiveIntegerField(_("version"), default=1, db_default=1, editable=False)

    class Meta:
        abstract = True
