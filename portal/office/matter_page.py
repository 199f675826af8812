"""One matter on one page: every message of it on all channels, and all that came of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citizens.enums import ContactChannel, ViewPurpose
from citizens.models import ContactPoint
from dossiers.models import Dossier
from notifications.enums import MessageState
from notifications.models import Message
from notifications.models.reasons import reason_label
from notifications.selectors.matters import (
    Moment,
    addresses_of,
    messages_of_matter,
    moments_of,
)
from portal.common.masking import HIDDEN, mask_email, mask_phone
from portal.office.access import log_people_shown
from portal.office.delivery_gateways import may_run
from portal.office.delivery_words import channel_name
from portal.office.matter_words import told
from portal.office.names import SUBJECT_TABLES, party_name, through
from portal.office.roles import Desk
from portal.office.standing import standing_of
from procedures.models import Recipient

_LOGGED = ("full_name", "topic", "text", "state", "phone_masked")
_TONES: Mapping[str, str] = {
    MessageState.SENT.value: "on_time",
    MessageState.DELIVERED.value: "on_time",
    MessageState.FAILED.value: "late",
    MessageState.UNKNOWN.value: "soon",
    MessageState.PARKED.value: "late",
    MessageState.QUEUED.value: "not_started",
    MessageState.SENDING.value: "not_started",
}
_ICONS: Mapping[str, str] = {
    "on_time": "check_circle",
    "late": "error",
    "soon": "help",
    "not_started": "schedule",
    "ended": "block",
}


@dataclass(frozen=True)
class Way:
    """One message of the matter: by which channel, to whom, where it stands and why."""

    message: Message
    channel: str
    to: str
    address: str
    state: str
    tone: str
    icon: str
    reason: str
    text: str
    relation: str


@dataclass(frozen=True)
class Line:
    """One line of the timeline."""

    at: datetime
    channel: str
    text: str
    detail: str
    icon: str


@require_safe
def show_matter(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the matter of a message that the official may see; the people on it are logged."""
    standing = standing_of(request)
    if not standing.sees(Desk.MESSAGES):
        raise PermissionDenied
    visible = _visible(request)
    message = visible.filter(public_id=public_id).first()
    if message is None:
        raise Http404(_("No message here."))
    rows = messages_of_matter(visible=visible, message=message, people=_people(message))
    log_people_shown(
        request,
        people=[key for row in rows for key in (row.recipient_id, row.about_id)],
        fields=_LOGGED,
        purpose=ViewPurpose.SUPPORT,
    )
    addresses = addresses_of(rows)
    context = {
        "title": _("One matter, all messages"),
        "message": message,
        "ways": [_way(row, addresses.get(row.pk), rows) for row in rows],
        "lines": [_line(moment) for moment in moments_of(rows)],
        "may_run": may_run(standing),
        "is_settled": message.state != MessageState.UNKNOWN,
        "is_fullwidth": "1",
    }
    return render(request, "office/matter.html", admin.site.each_context(request) | context)


def _visible(request: HttpRequest) -> QuerySet[Message]:
    """Return the messages within the official's reach, as the desk of messages lists them."""
    desk = admin.site._registry[Message]
    rows = cast("QuerySet[Message]", desk.get_queryset(request))
    return rows.select_related("topic", *through("recipient", SUBJECT_TABLES)).order_by()


def _people(message: Message) -> list[int]:
    """Return whom else the matter concerns: both parents of a child, owner and applicant."""
    room, _colon, key = message.thread_key.partition(":")
    if not key.isdecimal() or len(key) > 18:
        return []
    if room == "suggestion":
        found = Recipient.objects.filter(suggestion=int(key))
        return list(found.values_list("citizen", flat=True))
    if room == "dossier":
        pairs = Dossier.objects.filter(pk=int(key)).values_list("owner", "applicant")
        return [party for pair in pairs for party in pair]
    return []


def _way(row: Message, point: ContactPoint | None, rows: Iterable[Message]) -> Way:
    tone = _TONES.get(row.state, "ended")
    return Way(
        message=row,
        channel=channel_name(row.channel or "") or _("not chosen yet"),
        to=party_name(row.recipient),
        address=_masked(point),
        state=row.get_state_display(),
        tone=tone,
        icon=_ICONS[tone],
        reason=reason_label(row.reason),
        text=_("Not shown: it carries a code.") if row.secret_params_enc else row.rendered,
        relation=_relation(row, {other.pk: other for other in rows}),
    )


def _relation(row: Message, others: Mapping[int, Message]) -> str:
    """Return how a message came to be, where another one led to it."""
    before = others.get(row.follows_id or 0)
    if row.follows_id is not None:
        name = channel_name(before.channel or "") if before else ""
        return _("follows %(channel)s") % {"channel": name} if name else _("follows another")
    if row.digest_id is not None:
        return _("said together with others")
    if any(other.digest_id == row.pk for other in others.values()):
        return _("says several matters together")
    return ""


def _masked(point: ContactPoint | None) -> str:
    """Return an address as screens show it."""
    if point is None:
        return ""
    if point.channel == ContactChannel.SMS:
        return mask_phone(point.value)
    if point.channel == ContactChannel.EMAIL:
        return mask_email(point.value)
    return HIDDEN * 3


def _line(moment: Moment) -> Line:
    text, detail, icon = told(moment)
    return Line(moment.at, channel_name(moment.message.channel or ""), text, detail, icon)
