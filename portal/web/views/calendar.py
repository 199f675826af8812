"""What comes in the family: a page, a file, and a private address for calendar programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from citizens.models import CalendarAddress, Citizen
from citizens.selectors import calendar_address_for, calendar_address_of, circle_of, name_of
from citizens.services import end_calendar_address, note_calendar_read, renew_calendar_address
from dossiers.models import Dossier
from dossiers.selectors import dossiers_of
from portal.common import clock
from portal.common.row_security import only_rows_of, with_application_rights
from portal.web.access import for_citizens, public
from portal.web.limits import Limit, address_of
from portal.web.presenters.calendar import months_of
from portal.web.presenters.calendar_file import calendar_file
from portal.web.presenters.coming import Family, family_of
from portal.web.presenters.people import parties_of
from procedures.selectors import suggestions_of

FILE = "lich-gia-dinh.ics"
_MOST_DOSSIERS = 60
# Programs read once an hour at most. Those of many people may call from one server, so a known
# address is limited by itself, and only what is unknown by whoever asks.
READS = Limit("calendar", most=30, seconds=3600)
UNKNOWN = Limit("unknown-calendar", most=20, seconds=600)


@dataclass(frozen=True)
class _Found:
    family: Family
    dossiers: list[Dossier]


@for_citizens
@require_safe
def family_calendar(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Show what comes within a year for the person and those they may act for."""
    return _page(request, citizen)


@for_citizens
@require_safe
def calendar_download(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Hand the same dates out as a file, which says less than the page."""
    found = _read(citizen, clock.today())
    response = _as_file(found)
    response["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return response


@for_citizens
@require_POST
def calendar_address(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Make the private address anew, which is shown this once, or switch it off."""
    if "end" in request.POST:
        with with_application_rights():
            end_calendar_address(citizen=citizen)
        messages.success(request, _("The private address is switched off; it opens nothing now."))
        return redirect("web:calendar")
    with with_application_rights():
        token = renew_calendar_address(citizen=citizen, now=clock.now())
    address = reverse("web:calendar_feed", args=[token])
    return _page(request, citizen, f"{settings.PUBLIC_URL}{address}")


@public
@never_cache
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give a calendar program the file of whoever switched this address on.

    Nobody is signed in here: the address is the secret. Its owner's rows are read under row
    security, rights to act are asked anew each time. 404 for every other address, 429 for more
    than a program needs.
    """
    address = calendar_address_for(token=token)
    if address is None:
        too_many = UNKNOWN.passed(address_of(request))
        if too_many is not None:
            return too_many
        raise Http404
    return READS.passed(token) or _feed(address, clock.today())


def _feed(address: CalendarAddress, day: date) -> HttpResponse:
    owner = address.citizen
    note_calendar_read(address=address, day=day)
    circle = circle_of(person=owner.pk, day=day)
    with (
        only_rows_of(person=owner.pk, parties=circle.parties, family=circle.family),
        translation.override(owner.user.language),
    ):
        return _as_file(_read(owner, day))


def _read(citizen: Citizen, day: date) -> _Found:
    waiting = suggestions_of(citizen=citizen, day=day)
    family = family_of(citizen, parties_of(citizen, day), waiting, day)
    open_ones = Dossier.objects.unfinished().values("pk")
    about = ("owner__citizen", "owner__organisation", "suggestion__rule_version")
    filed = dossiers_of(citizen=citizen).filter(pk__in=open_ones).select_related(*about)
    return _Found(family, list(filed[:_MOST_DOSSIERS]))


def _page(request: HttpRequest, citizen: Citizen, new_address: str = "") -> HttpResponse:
    found = _read(citizen, clock.today())
    with with_application_rights():
        address = calendar_address_of(citizen=citizen)
    others = [party for key, party in found.family.parties.items() if key != citizen.pk]
    context = {
        "months": months_of(found.family, found.dossiers),
        "others": [name_of(party) for party in others],
        "address": address,
        "new_address": new_address,
        "calendar_link": f"webcal://{new_address.partition('://')[2]}",
    }
    return render(request, "web/calendar.html", context)


def _as_file(found: _Found) -> HttpResponse:
    body = calendar_file(found.family, found.dossiers)
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")
