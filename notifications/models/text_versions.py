"""Versions of a topic's texts: written by one official, released by another, kept for ever."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import User
from notifications.enums import TextState
from notifications.models.texts import Topic
from portal.common.models import recorded_at

TEXT_STATES = [
    (TextState.DRAFT, _("Draft")),
    (TextState.RELEASED, _("Released")),
    (TextState.DISCARDED, _("Discarded")),
]


class TextVersion(models.Model):
    """All wordings of a topic that are released together; the rows of Text with this number.

    The newest released one is in force. `base` is what a draft began from. Nobody has written what
    the project's file brought, nobody has released what it brought before officials wrote any. The
    database refuses to change what is no draft any more, and its rows of Text.
    """

    topic = models.ForeignKey(
        Topic, models.PROTECT, related_name="versions", verbose_name=_("topic")
    )
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=10, choices=TEXT_STATES, default=TextState.DRAFT
    )
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("what changes and why"), max_length=200, blank=True, default="")
    written_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    released_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("released by")
    )
    released_at = models.DateTimeField(_("released at"), null=True)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("version of texts")
        verbose_name_plural = _("versions of texts")
        ordering = ["topic", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="text_version_number_once"),
            models.UniqueConstraint(
                fields=["topic"],
                name="text_version_one_draft",
                condition=Q(state=TextState.DRAFT, written_by__isnull=False),
            ),
            models.CheckConstraint(
                name="text_version_second_official",
                condition=Q(released_by__isnull=True) | ~Q(released_by=models.F("written_by")),
                violation_error_message=_("Whoever wrote a version cannot also release it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} v{self.number}"
