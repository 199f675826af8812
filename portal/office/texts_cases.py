"""Real messages with whose values a text is looked at: within one's units, each look logged."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.http import HttpRequest

from citizens.enums import Role, ViewPurpose
from notifications.models import Message, Topic
from notifications.rendering import values_on
from notifications.rules.samples import sample_values
from notifications.rules.wording import CHECK_CODE, grouped
from portal.common import clock
from portal.office.access import log_people_shown
from portal.office.reach import of_parties
from portal.office.roles import SEES, Desk
from portal.office.standing import Standing

SAMPLE = ""
_LISTED = 10
_LOOKED_THROUGH = 20_000  # of the newest messages: there is no index by topic
_REMEMBERED = "text_case"
_ROLES = SEES[Desk.MESSAGES] | {Role.CATALOGUE_EDITOR, Role.APPROVER}


def recent_cases(standing: Standing, topic: Topic, *, is_quiet: bool) -> list[Message]:
    """Return the newest messages of a topic whose recipients are within reach; none of quiet ones.

    No name is read: a text holds none.
    """
    if is_quiet:
        return []
    newest = Message.objects.aggregate(newest=Max("pk"))["newest"] or 0
    rows = Message.objects.filter(
        topic=topic, pk__gt=newest - _LOOKED_THROUGH, secret_params_enc=None
    ).exclude(recipient=None)
    if not standing.everywhere:
        rows = of_parties(rows, "recipient", standing, _ROLES)
    return list(rows.order_by("-pk")[:_LISTED])


def values_for(
    request: HttpRequest, topic: Topic, cases: list[Message], *, is_refresh: bool
) -> tuple[str, dict[str, Any]]:
    """Return which case was chosen, and its values; the samples where none of `cases` was.

    Whoever is looked at is logged; a page that only refreshes what it shows is one look.
    """
    wanted = request.POST.get("case") or request.GET.get("case", SAMPLE)
    chosen = next((one for one in cases if str(one.public_id) == wanted), None)
    if chosen is None:
        return SAMPLE, sample_values(topic.params)
    look = f"{chosen.public_id}:{clock.today()}"
    if not is_refresh or request.session.get(_REMEMBERED) != look:
        log_people_shown(
            request,
            people=[chosen.recipient_id, chosen.about_id],
            fields=("message_text",),
            purpose=ViewPurpose.SUPPORT,
            reference=topic.pk,
        )
        request.session[_REMEMBERED] = look
    samples = sample_values(())
    code = grouped(chosen.short_code) if chosen.short_code else samples[CHECK_CODE]
    return wanted, values_on(chosen, clock.today()) | {CHECK_CODE: code}
