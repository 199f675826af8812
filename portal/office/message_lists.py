"""The list of messages: its filters by reason and age, and the list as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from notifications.models import Message
from notifications.models.reasons import REASONS, reason_label
from portal.common import clock
from portal.common.masking import mask_name
from portal.office.delivery_words import channel_name
from portal.office.names import party_name
from portal.office.table_files import table_file

MOST_EXPORTED = 10_000
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
# Since the hour of a message: (key, word, not older than, older than).
_AGES: tuple[tuple[str, Any, timedelta | None, timedelta | None], ...] = (
    ("later", _("Still to come"), timedelta(), None),
    ("hour", _("The last hour"), _HOUR, timedelta()),
    ("day", _("The last day"), _DAY, timedelta()),
    ("week", _("The last seven days"), 7 * _DAY, timedelta()),
    ("older", _("Older than seven days"), None, 7 * _DAY),
)


class WhyFilter(admin.SimpleListFilter):
    """Messages by the reason why they did not simply go out."""

    title = _("reason")
    parameter_name = "why"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the reasons in words."""
        return [(str(reason), word) for reason, word in REASONS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the messages with the reason chosen."""
        return queryset.filter(reason=self.value()) if self.value() else queryset


class AgeFilter(admin.SimpleListFilter):
    """Messages by how long ago their hour came."""

    title = _("age")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the ages in words."""
        return [(key, word) for key, word, _newer, _older in _AGES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the messages of the age chosen."""
        now = clock.now()
        for key, _word, newest, oldest in _AGES:
            if key != self.value():
                continue
            if newest is not None:
                queryset = queryset.filter(due_at__gt=now - newest)
            if oldest is not None:
                queryset = queryset.filter(due_at__lte=now - oldest)
        return queryset


def messages_file(request: HttpRequest, rows: Iterable[Message]) -> HttpResponse:
    """Return messages as a file, names shortened, in which no cell is taken for a formula (F27)."""
    table = chain([[str(head) for head in _HEADINGS]], map(_cells, rows))
    return table_file(request, "tin-nhan", table)


_HEADINGS = (
    _("topic"), _("recipient"), _("channel"), _("state"), _("reason"), _("due at"), _("sent at"),
    _("delivered at"), _("read at"), _("attempts"), _("SMS parts"), _("price (VND)"),
)  # fmt: skip


def _cells(row: Message) -> Iterator[str]:
    yield row.topic.name_vi
    yield mask_name(party_name(row.recipient))
    yield channel_name(row.channel or "")
    yield row.get_state_display()
    yield reason_label(row.reason)
    yield from map(_instant, (row.due_at, row.sent_at, row.delivered_at, row.read_at))
    yield str(row.attempt)
    yield str(row.part_count or "")
    yield str(row.price_vnd or "")


def _instant(at: datetime | None) -> str:
    return f"{clock.civil_time(at):%d/%m/%Y %H:%M}" if at else ""
