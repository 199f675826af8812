"""Telling the people of an incident: whom, by which way, at what price, in which words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from citizens.models import Breach
from notifications.enums import Channel
from notifications.models import Topic
from notifications.rules.wording import CHECK_CODE
from notifications.rules.wordings import Place
from notifications.selectors.incidents import TOPIC, Plan, plan_of
from notifications.selectors.reach import sms_parts
from notifications.selectors.text_versions import version_in_force, wordings_of
from notifications.services.tell_affected import (
    LONGEST,
    SHORTEST,
    checked_words,
    tell_affected,
)
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.office.acting import pressed, tell_refused
from portal.office.breach_page import affected, found
from portal.office.rehearsal_figures import REACH_WORDS
from portal.office.templatetags.office import grouped, quiet_end
from portal.office.texts_shown import Shown, channel_name, place_label, read

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
_SAMPLE_CODE = "7K3M-P9QX"  # what stands in the place of each message's own code
_REFUSED = 422


def urls(guarded: Door) -> list[URLPattern]:
    """Return the page, behind the door that `guarded` puts in front."""
    where = "incidents/<uuid:public_id>/tell/"
    return [path(where, guarded(show), name="office_breach_tell")]


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask for the words, show how they read and whom they reach, then tell; nothing before."""
    row = found(request, public_id)
    if row.closed_at:
        return redirect("admin:office_breach", public_id)
    words, is_shown, status = "", False, 200
    if request.method == "POST":
        try:
            words = checked_words(request.POST.get("explained", ""))
            if request.POST.get("act") == "tell" and _told(request, row, words):
                return redirect("admin:office_breach", public_id)
            is_shown = True
        except (RefusedError, StaleVersionError) as refused:
            tell_refused(request, refused)
            words, status = request.POST.get("explained", ""), _REFUSED
    return _page(request, row, words, is_shown=is_shown, status=status)


def _told(request: HttpRequest, row: Breach, words: str) -> bool:
    """Tell them; False where the box was not ticked, which only asks again."""
    if not request.POST.get("sure"):
        messages.warning(request, _("Nobody was told: please tick that you have read it."))
        return False
    press = pressed(request)
    count = tell_affected(
        breach=row,
        people=affected(row),
        explained=words,
        user=press["user"],
        version=press["version"],
        now=press["now"],
    )
    said = ngettext("%(count)s person is told.", "%(count)s people are told.", count)
    messages.success(request, said % {"count": grouped(count)})
    if morning := quiet_end():
        waits = _("Quiet hours: messages to telephones leave from %(at)s on.")
        messages.info(request, waits % {"at": f"{morning:%H:%M %d/%m/%Y}"})
    return True


def _page(
    request: HttpRequest, row: Breach, words: str, *, is_shown: bool, status: int
) -> HttpResponse:
    now = clock.now()
    plan = plan_of(people=affected(row), breach=row, now=now, day=clock.civil_date(now))
    values = {
        "code": row.code,
        "found_on": clock.civil_date(row.found_at).isoformat(),
        "explained": words,
    }
    texted = plan.ways.get(Channel.SMS, 0) + plan.children  # at most: a guardian may have the app
    parts = sms_parts(topic=TOPIC, values=values) if texted else 0
    context = {
        "title": row.code,
        "row": row,
        "plan": plan,
        "ways": list(_ways(plan)),
        "cost": texted * parts * settings.SMS_PART_PRICE_VND,
        "parts": parts,
        "price": settings.SMS_PART_PRICE_VND,
        "words": words,
        "readings": list(_readings(values)) if is_shown else (),
        "least": SHORTEST,
        "longest": LONGEST,
        "is_fullwidth": "1",
    }
    whole = admin.site.each_context(request) | context
    return render(request, "office/breach_tell.html", whole, status=status)


def _ways(plan: Plan) -> Iterator[tuple[Any, int]]:
    """Yield each way with how many people it reaches; ways of nobody are left out."""
    for way, word in REACH_WORDS.items():
        if count := plan.ways.get(way):
            yield word, count
    if plan.children:
        yield _("Children: a parent or guardian is told"), plan.children
    if plan.unguarded:
        yield _("Children of whom no parent or guardian is known: by letter"), plan.unguarded


def _readings(values: Mapping[str, Any]) -> Iterator[tuple[str, Shown]]:
    """Yield each wording in force as it reads, under the name of its channel."""
    version = version_in_force(Topic.objects.get(pk=TOPIC))
    wordings = wordings_of(version) if version else {}
    filled = dict(values) | {CHECK_CODE: _SAMPLE_CODE}
    order = {channel: at for at, channel in enumerate(_ORDER)}
    for place in sorted(wordings, key=lambda one: _rank(one, order)):
        shown = Shown(place, wordings[place], read(place, wordings[place], filled))
        yield f"{channel_name(place.channel)} · {place_label(place)}", shown


_ORDER = (Channel.INBOX, Channel.APP, Channel.ZALO, Channel.SMS)


def _rank(place: Place, order: Mapping[Any, int]) -> tuple[bool, bool, int]:
    return place.language != "vi", place.is_neutral, order.get(place.channel, len(order))
