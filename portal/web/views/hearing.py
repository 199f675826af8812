"""In which language, at which hours and about what a person is told: changed at once, undone by one
press."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from citizens.models import Citizen
from citizens.services import choose_hearing
from notifications.selectors.wishes import kinds_of_offers, topics_off
from notifications.services import set_preference
from notifications.services.resume import resume_topic
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens
from portal.web.presenters.hearing import NO, YES, HearingForm, OffersForm, span_of
from portal.web.whose import Whose, whose

# What held before the last change of this session: {"name": of the address, "query", "values"}.
UNDO = "hearing_undo"
OTHER_UNDO = "choices_undo"


@for_citizens
@require_POST
def hearing(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Record language and hours; this browser shows pages in that language from now on."""
    user = citizen.user
    before = {"language": user.language, "hours": span_of(user)}
    form = HearingForm(user, request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose one of the answers that are offered."))
        return redirect("web:choices")
    first, last = form.span()
    language = form.cleaned_data["language"]
    with with_application_rights():
        choose_hearing(user=user, language=language, first_hour=first, last_hour=last)
    with override(language):
        _confirm(request, form.told())
    _remember(request, "web:hearing", "", before)
    answer = redirect("web:choices")
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return answer


@for_citizens
@require_POST
def offers(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Let kinds of offers come or stop, for the person or who they may act for."""
    about = whose(request, citizen)
    form = offers_form(about, request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose one of the answers that are offered."))
    elif changes := form.changes():
        party = about.citizen.party
        with with_application_rights():
            for topic, comes in changes.items():
                if comes:
                    resume_topic(party=party, topic=topic)
                else:
                    set_preference(party=party, topic=topic, is_allowed=False)
        _confirm(request, form.told())
        before = {key: NO if key in form.off else YES for key in form.fields}
        _remember(request, "web:offers", about.query, before)
    else:
        messages.info(request, _("Nothing has changed: it was like this already."))
    return redirect(reverse("web:choices") + about.query)


def offers_form(about: Whose, data: QueryDict | None = None) -> OffersForm:
    """Return the questions about kinds of offers, with what was stopped before."""
    off = set(topics_off(party=about.citizen.party).values_list("topic_id", flat=True))
    return OffersForm(kinds_of_offers(), off, data)


def undo_of(request: HttpRequest, about: Whose) -> dict[str, Any] | None:
    """Return what takes the last change of this session back: where to post which values."""
    kept = request.session.get(UNDO)
    if not kept or kept["query"] != about.query:
        return None
    return {"url": reverse(kept["name"]) + about.query, "values": kept["values"]}


def _confirm(request: HttpRequest, what: str) -> None:
    said = _("Recorded, and it holds from now on: %(what)s")
    messages.success(request, said % {"what": what})


def _remember(request: HttpRequest, name: str, query: str, values: dict[str, str]) -> None:
    """Keep the way back; a second press on it leads forward again."""
    request.session[UNDO] = {"name": name, "query": query, "values": values}
    request.session.pop(OTHER_UNDO, None)
