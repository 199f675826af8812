"""What may be said: topics with a closed list of parameters, and their versioned texts."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from notifications.enums import Channel, Priority
from notifications.rules.checking import text_problems

CHANNELS = [
    (Channel.INBOX, _("Inbox")),
    (Channel.APP, _("Mobile app")),
    (Channel.PUSH, _("Browser notice")),
    (Channel.ZALO, _("Zalo")),
    (Channel.EMAIL, _("E-mail")),
    (Channel.SMS, _("SMS")),
]
PRIORITIES = [
    (Priority.CODE, _("Sign-in code")),
    (Priority.DOSSIER, _("Dossier")),
    (Priority.REMINDER, _("Reminder")),
]


class Topic(models.Model):
    """A reason to write to somebody; `params` is the closed list a text of it may use."""

    key = models.CharField(_("key"), max_length=40, primary_key=True)
    name_vi = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120)
    params = ArrayField(models.CharField(max_length=40), verbose_name=_("parameters"), default=list)
    channels = ArrayField(models.CharField(max_length=8), verbose_name=_("channels, first wins"))
    priority = models.PositiveSmallIntegerField(_("priority"), choices=PRIORITIES)
    is_optional = models.BooleanField(_("may be opted out of"), default=True)
    is_quiet = models.BooleanField(_("tells of poverty or health"), default=False, db_default=False)
    has_quiet_hours = models.BooleanField(_("keeps quiet hours"), default=True)
    about_may_be_deceased = models.BooleanField(_("may speak of the deceased"), default=False)
    next_channel_after_days = models.PositiveSmallIntegerField(
        _("unread: next channel after days"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name_vi


class Text(models.Model):
    """One wording of a topic for a channel and language; `((name))` is replaced, nothing evaluated.

    A topic's texts are released together: all rows of one `version` are one set (`TextVersion`),
    and a message pins the version with which it left. A neutral wording is for an address that
    several people use.
    """

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="texts", verbose_name=_("topic"))
    version = models.PositiveIntegerField(_("version"))
    channel = models.CharField(_("channel"), max_length=8, choices=CHANNELS)
    language = models.CharField(_("language"), max_length=5)
    is_neutral = models.BooleanField(_("for shared phones"), default=False, db_default=False)
    subject = models.CharField(_("subject"), max_length=160, blank=True, default="")
    body = models.TextField(_("text"))

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["topic", "-version", "channel", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "version", "channel", "language", "is_neutral"],
                name="text_version_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} v{self.version} {self.channel} {self.language}"

    def clean(self) -> None:
        """Refuse placeholders that the topic does not list, links and template code."""
        found: dict[str, list[str]] = {}
        is_sms = self.channel == Channel.SMS
        for field, problem in text_problems(
            self.subject, self.body, allowed=self.topic.params, is_sms=is_sms
        ):
            found.setdefault(field, []).append(problem.told(get_language() or "vi"))
        if found:
            raise ValidationError(found)
