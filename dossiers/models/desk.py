"""What an official keeps for the own desk."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import Official

LONGEST_NAME = 40


class QueueFilter(models.Model):
    """A view of the queue under a name: chosen values only, never words or numbers of a search.

    `query` is the end of the queue's address; the database takes no other word in it, so that
    nobody can be named there.
    """

    official = models.ForeignKey(Official, models.PROTECT, related_name="queue_filters")
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    query = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("saved view of the queue")
        verbose_name_plural = _("saved views of the queue")
        ordering = ["official", "name"]
        constraints = [
            models.UniqueConstraint(fields=["official", "name"], name="queuefilter_once"),
            models.CheckConstraint(
                condition=Q(
                    query__regex=r"^where=(agency|unit)(&due=[a-z_]{1,20})?"
                    r"(&status=[0-9]{1,9})?(&procedure=[0-9]{1,9})?(&mine=1)?$"
                ),
                name="queuefilter_chosen_only",
            ),
        ]

    def __str__(self) -> str:
        return self.name
