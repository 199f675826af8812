"""Letters on paper for people whom no message reached: printed where their ward or commune is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from citizens.enums import ViewPurpose
from dossiers.services import print_letters
from notifications.models import Message
from notifications.selectors import of_units
from portal.office.access import log_people_shown
from portal.office.roles import Desk
from portal.office.standing import standing_of

MOST_AT_ONCE = 200
FIELDS = ("full_name", "address", "topic", "text")
_READ = (
    "topic",
    "about__citizen",
    "recipient__citizen__unit__parent",
    "recipient__organisation__unit__parent",
    "recipient__household__unit__parent",
)
Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]


def urls(guarded: Door) -> list[URLPattern]:
    """Return the page, behind the door that `guarded` puts in front."""
    return [path("letters/", guarded(letters_print), name="office_letters_print")]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letters_print(request: HttpRequest) -> HttpResponse:
    """Show letters to print: of the messages named by `message` (public ids), at most 200.

    Those of other places do not exist; whoever is shown is in the log of views.
    """
    standing = standing_of(request)
    desks = [desk for desk in (Desk.MESSAGES, Desk.VISITS) if standing.sees(desk)]
    if not desks:
        raise PermissionDenied
    asked = _asked(request)
    rows = Message.objects.filter(public_id__in=asked)
    if not standing.everywhere:
        here = Q()
        for desk in desks:
            here |= of_units(standing.units_of(desk).values("pk"))
        rows = rows.filter(here)
    messages = list(rows.select_related(*_READ).order_by("pk")[:MOST_AT_ONCE])
    sheets = print_letters(messages=messages, day=standing.day, language="vi")
    log_people_shown(
        request,
        people=[message.recipient_id for message in messages],
        fields=FIELDS,
        purpose=ViewPurpose.SUPPORT,
    )
    context = {
        "letters": sheets,
        "left_out": len(asked) - len(sheets),
        "back": reverse("admin:index"),
    }
    return render(request, "printed/letters.html", context)


def _asked(request: HttpRequest) -> list[UUID]:
    """Return the public ids that were named, each once; what is none is left out."""
    named = request.POST if request.method == "POST" else request.GET
    found: dict[UUID, None] = {}
    for text in named.getlist("message")[:MOST_AT_ONCE]:
        with suppress(ValueError):
            found[UUID(text)] = None
    return list(found)
