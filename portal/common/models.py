"""Base models and column factories that every room shares."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
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


class BellQuerySet(models.QuerySet["Bell"]):
    def silent(self, now: datetime) -> BellQuerySet:
        """Bells that were not heard for longer than they may be, the longest awaited first."""
        return self.filter(expected_by__lt=now).order_by("expected_by", "task")

    def expect(self, silences: Mapping[str, timedelta], now: datetime) -> None:
        """Await each of these tasks from `now` on, unless it is awaited already; no other."""
        self.exclude(task__in=list(silences)).delete()
        awaited = [Bell(task=task, expected_by=now + most) for task, most in silences.items()]
        self.bulk_create(awaited, ignore_conflicts=True)

    def note(self, task: str, longest_silence: timedelta, now: datetime) -> None:
        """Note that the task ended well at `now`: one statement, whoever else notes it."""
        heard = Bell(task=task, heard_at=now, expected_by=now + longest_silence)
        fields = ["heard_at", "expected_by"]
        self.bulk_create(
            [heard], update_conflicts=True, unique_fields=["task"], update_fields=fields
        )


class Bell(models.Model):
    """One row a task that happens by itself: when it last ended well, and when it must again."""

    task = models.CharField(max_length=80, primary_key=True)
    heard_at = models.DateTimeField(null=True)
    expected_by = models.DateTimeField()

    objects = BellQuerySet.as_manager()

    def __str__(self) -> str:
        return self.task
