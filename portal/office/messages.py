"""Messages with their attempts, and the texts that may be sent."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from notifications.enums import MessageState
from notifications.models import Attempt, Message, Text, Topic
from portal.office.base import DeskAdmin, DeskInline
from portal.office.filters import NamedRelatedFilter
from portal.office.labels import labelled
from portal.office.names import SUBJECT_TABLES, SUBJECT_UNITS, party_name, through
from portal.office.roles import Desk

_STATES = {
    MessageState.QUEUED.value: "info",
    MessageState.SENDING.value: "info",
    MessageState.SENT.value: "success",
    MessageState.DELIVERED.value: "success",
    MessageState.FAILED.value: "danger",
    MessageState.UNKNOWN.value: "warning",
    MessageState.PARKED.value: "warning",
}


class AttemptInline(DeskInline):
    model = Attempt
    desk = Desk.MESSAGES
    ordering = ("number",)
    fields = ("number", "channel", "outcome", "detail", "started_at")
    verbose_name_plural = _("Attempts")


@admin.register(Message)
class MessageDesk(DeskAdmin):
    """What was told to whom, and whether it arrived; texts of sign-in codes are never shown."""

    desk = Desk.MESSAGES
    unit_paths = through("recipient", SUBJECT_UNITS)
    people_paths = ("recipient_id", "about_id")
    joined = (*through("recipient", SUBJECT_TABLES), "topic")
    fields_logged = ("full_name", "topic", "text", "state")
    ordering = ("-due_at", "-pk")
    list_display = (
        "topic_named",
        "recipient_named",
        "channel",
        "state_label",
        "due_at",
        "sent_at",
        "attempts_made",
    )
    list_filter = ("state", "channel", ("topic", NamedRelatedFilter))
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("topic_named", "recipient_named"),
                    ("channel", "state"),
                    "reason",
                    "text_sent",
                )
            },
        ),
        (_("Times"), {"fields": (("recorded_at", "due_at"), ("sent_at", "read_at"), "not_after")}),
    )
    readonly_fields = ("topic_named", "recipient_named", "text_sent", "recorded_at")
    labels = {"topic": _("topic")}
    inlines = (AttemptInline,)

    @admin.display(description=_("topic"), ordering="topic")
    def topic_named(self, row: Message) -> str:
        """Return what it is about."""
        return str(row.topic)

    @admin.display(description=_("attempts"), ordering="attempt")
    def attempts_made(self, row: Message) -> int:
        """Return how often it was tried."""
        return row.attempt

    @admin.display(description=_("recipient"))
    def recipient_named(self, row: Message) -> str:
        """Return the recipient's name; an account of an official has no party."""
        return party_name(row.recipient)

    @admin.display(description=_("text as sent"))
    def text_sent(self, row: Message) -> str:
        """Return the text, unless it carried a secret."""
        if row.secret_params_enc is not None:
            return str(_("Not shown: it carries a code."))
        return row.rendered

    @labelled(_("state"), ordering="state", label=_STATES)
    def state_label(self, row: Any) -> tuple[str, str]:
        """Return the state as a coloured word."""
        return row.state, row.get_state_display()


@admin.register(Topic)
class TopicDesk(DeskAdmin):
    desk = Desk.CATALOGUE
    list_display = ("name_vi", "key", "priority", "is_optional", "has_quiet_hours")
    fields = (
        ("name_vi", "name_en"),
        ("key", "priority"),
        ("params", "channels"),
        ("is_optional", "has_quiet_hours", "about_may_be_deceased"),
    )


@admin.register(Text)
class TextDesk(DeskAdmin):
    desk = Desk.CATALOGUE
    joined = ("topic",)
    list_display = ("topic", "channel", "language", "version", "body")
    list_filter = ("channel", "language", "topic")
    search_fields = ("body",)
    fields = (("topic", "version"), ("channel", "language"), "subject", "body")
