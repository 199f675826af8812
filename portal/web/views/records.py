"""What the State holds about a person and says to them."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from citizens.models import Citizen
from dossiers.services import print_letters
from notifications.selectors import inbox_of, letters_of
from notifications.services import mark_read
from portal.common import clock
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens
from portal.web.presenters import inbox as letters
from portal.web.presenters.papers import shelves
from portal.web.presenters.people import parties_of
from procedures.enums import TriggerKind
from procedures.selectors import suggestions_of

PAPERS_OF_ONE = 60
ON_A_PAGE = 20
PRINTED = ("topic", "about__citizen", "recipient__citizen__unit__parent")


@for_citizens
@require_safe
def papers(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Show the papers of the person and of those they act for, the next to run out in front."""
    day = clock.today()
    waiting = suggestions_of(citizen=citizen, day=day).filter(
        rule__kind=TriggerKind.CREDENTIAL_EXPIRY
    )
    prepared = {
        paper: reverse("web:suggestion", args=[public_id])
        for paper, public_id in waiting.values_list("anchor", "public_id")
    }
    parties = parties_of(citizen, day)
    found = shelves(citizen, parties, day, limit=PAPERS_OF_ONE, prepared=prepared)
    return render(request, "web/papers.html", {"shelves": found})


@for_citizens
@require_safe
def inbox(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """List what was said to the person, the latest first."""
    page = Paginator(inbox_of(party=citizen.party), ON_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    said = letters_of(messages=shown, language=get_language() or "vi")
    context = {"letters": letters.listed(shown, said), "page": page}
    return render(request, "web/inbox.html", context)


@for_citizens
@require_safe
def letter(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Show one message and note that it was read."""
    message = inbox_of(party=citizen.party).filter(public_id=public_id).first()
    if message is None:
        raise Http404
    said = letters_of(messages=[message], language=get_language() or "vi")
    with with_application_rights():
        mark_read(party=citizen.party, public_id=public_id)
    context = {
        "letter": letters.listed([message], said)[0],
        "matter_url": letters.matter_url(citizen, message.thread_key)
        or letters.place_url(message.topic_id),
    }
    return render(request, "web/letter.html", context)


@for_citizens
@require_safe
def letter_print(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Show one message as a signed letter on paper, for whoever wants it in the hand."""
    own = inbox_of(party=citizen.party).select_related(*PRINTED)
    message = own.filter(public_id=public_id).first()
    if message is None:
        raise Http404
    with with_application_rights():
        sheets = print_letters(
            messages=[message], day=clock.today(), language=get_language() or "vi"
        )
    back = reverse("web:letter", args=[public_id])
    context = {"letters": sheets, "back": back, "left_out": 0}
    return render(request, "printed/letters.html", context)
