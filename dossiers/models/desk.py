"""What officials keep at their desks: views, notes among themselves, words for answers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import Agency, Official, User
from dossiers.models.dossiers import Dossier
from portal.common.models import recorded_at

LONGEST_NAME, LONGEST_TITLE, LONGEST_NOTE = 40, 60, 1000


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


class DossierNote(models.Model):
    """What officials tell each other about a dossier: added, never changed, never the citizen's."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="desk_notes")
    official = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.CharField(_("note"), max_length=LONGEST_NOTE)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.dossier_id}-{self.pk}"


class AnswerText(models.Model):
    """Words that an agency's officials put into a reason that citizens read, and then finish."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="answer_texts")
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    body = models.CharField(_("text"), max_length=500)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("answer text")
        verbose_name_plural = _("answer texts")
        ordering = ["agency", "title"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "title"], name="answertext_once"),
        ]

    def __str__(self) -> str:
        return self.title
