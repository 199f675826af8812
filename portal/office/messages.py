"""Messages with their attempts, and the texts that may be sent."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from notifications.enums import MessageState
from notifications.models import Attempt, Message, Text, Topic
from notifications.models.reasons import reason_label
from portal.office.base import DeskAdmin, DeskInline
from portal.office.filters import NamedRelatedFilter
from portal.office.labels import labelled
from portal.office.message_lists import MOST_EXPORTED, AgeFilter, WhyFilter, messages_file
from portal.office.names import SUBJECT_TABLES, party_name, through
from portal.office.register_words import in_language
from portal.office.roles import Desk
from portal.office.table_files import listed

_STATES = {
    MessageState.QUEUED.value: "info",
    MessageState.SENDING.value: "info",
    MessageState.SENT.value: "success",
    MessageState.DELIVERED.value: "success",
    MessageState.FAILED.value: "danger",
    MessageState.UNKNOWN.value: "warning",
    MessageState.PARKED.value: "warning",
}
_WAITING = (MessageState.QUEUED, MessageState.SENDING)


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
    party_path = "recipient"
    people_paths = ("recipient_id", "about_id")
    joined = (*through("recipient", SUBJECT_TABLES), "topic")
    fields_logged = ("full_name", "topic", "text", "state")
    ordering = ("-pk",)
    list_before_template = "office/parts/message_export.html"
    change_form_outer_before_template = "office/parts/message_matter.html"
    list_display = (
        "topic_named",
        "recipient_named",
        "channel",
        "state_label",
        "due_at",
        "sent_at",
        "attempts_made",
    )
    list_filter = ("state", "channel", WhyFilter, ("topic", NamedRelatedFilter), AgeFilter)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("topic_named", "recipient_named"),
                    ("channel", "state"),
                    "reason_named",
                    "text_sent",
                )
            },
        ),
        (
            _("Times"),
            {
                "fields": (
                    ("recorded_at", "due_at"),
                    ("sent_at", "delivered_at"),
                    ("read_at", "not_after"),
                )
            },
        ),
    )
    readonly_fields = (
        "topic_named", "recipient_named", "reason_named", "text_sent", "recorded_at",
    )  # fmt: skip
    labels = {"topic": _("topic")}
    inlines = (AttemptInline,)

    def get_urls(self) -> list[URLPattern]:
        """Add the list as a file."""
        guarded = self.admin_site.admin_view(self.export)
        own = path("export/", guarded, name="notifications_message_export")
        return [own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list with the way to it as a file."""
        query = {"export_query": request.GET.urlencode()}
        return super().changelist_view(request, query | (extra_context or {}))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one message with the way to its matter."""
        row = self.get_object(request, object_id) if object_id else None
        matter = "admin:notifications_message_matter"
        way = {"matter_url": row and reverse(matter, args=[row.public_id])}
        return super().changeform_view(request, object_id, form_url, way | (extra_context or {}))

    def export(self, request: HttpRequest) -> HttpResponse:
        """Give the list as it is filtered, as a file."""
        rows = listed(self, request)[:MOST_EXPORTED]
        found = list(cast("QuerySet[Message]", rows))
        self.log_rows(request, found)
        return messages_file(request, found)

    @admin.display(description=_("reason"))
    def reason_named(self, row: Message) -> str:
        """Return why it did not simply go out."""
        return reason_label(row.reason)

    @admin.display(description=_("topic"), ordering="topic")
    def topic_named(self, row: Message) -> str:
        """Return what it is about."""
        return in_language(row.topic.name_vi, row.topic.name_en)

    def called(self, row: Message) -> str:
        """Return what it is about, and who gets it."""
        return f"{self.topic_named(row)} · {party_name(row.recipient)}"

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
        if not row.rendered and row.state in _WAITING:
            return str(_("Not sent yet: the channel and the words are chosen when it leaves."))
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

    def called(self, row: Topic) -> str:
        """Return its name in the language of the page."""
        return in_language(row.name_vi, row.name_en)


@admin.register(Text)
class TextDesk(DeskAdmin):
    desk = Desk.CATALOGUE
    joined = ("topic",)
    list_display = ("topic", "channel", "language", "version", "body")
    list_filter = ("channel", "language", ("topic", NamedRelatedFilter))
    labels = {"topic": _("topic")}
    search_fields = ("body",)
    fields = (("topic", "version"), ("channel", "language"), "subject", "body")

    def called(self, row: Text) -> str:
        """Return what it is about, by which channel, in which language, and its number."""
        topic = in_language(row.topic.name_vi, row.topic.name_en)
        return f"{topic} · {row.get_channel_display()} · {row.language} (v{row.version})"
