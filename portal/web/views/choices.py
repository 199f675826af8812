"""What the person lets the portal do: read, choose, take back; every statement is kept as proof."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citizens.enums import ConsentPurpose, ContactChannel
from citizens.models import Citizen
from citizens.selectors import statements_of
from notifications.selectors import devices_of, push_service, statutory_topics
from notifications.services import make_choice
from portal.common.errors import RefusedError
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens
from portal.web.presenters import choices as told
from portal.web.presenters.hearing import HearingForm, OffersForm
from portal.web.presenters.language import either
from portal.web.views import hearing
from portal.web.views.chat import linked_chats
from portal.web.views.stopped import numbers_stopped
from portal.web.whose import Whose, whose

_UNDO = hearing.OTHER_UNDO
ON_A_PAGE = 20


@for_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Show what holds and why; a POST records what is said anew."""
    about = whose(request, citizen)
    held = told.held_by(about.citizen)
    prefetch_related_objects([citizen.party, about.citizen.party], "contact_points")
    posted = request.POST if request.method == "POST" else None
    form = told.ChoicesForm(told.keys_for(about.citizen, held), held, posted)
    if posted is not None and form.is_valid():
        return _save(request, citizen, about, form)
    page = Paginator(statements_of(citizen=about.citizen), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "about": about,
        "form": form,
        "choices": told.choices(form),
        "statutory": [either(topic.name_vi, topic.name_en) for topic in statutory_topics()],
        "statements": told.said(page.object_list, citizen),
        "page": page,
        # A browser is told what its own user is told, nothing about others.
        "push": push_service() if about.citizen == citizen else None,
        "devices": devices_of(citizen.party),
        "chats": linked_chats(about.citizen),
        "stopped": numbers_stopped(about.citizen),
        "hearing": HearingForm(citizen.user) if about.is_self else None,
        "offers": _offers(about, held),
        "may_undo": request.session.get(_UNDO, {}).get("query") == about.query,
        "undo_hearing": hearing.undo_of(request, about),
    }
    status = 200 if posted is None else 422
    return render(request, "web/choices.html", context, status=status)


def _offers(about: Whose, held: told.Held) -> OffersForm | None:
    """Return the questions about kinds of offers, None where all of them are stopped."""
    comes = told.was_followed((ConsentPurpose.SERVICE_OFFERS, None), held)
    return hearing.offers_form(about) if comes else None


@for_citizens
@require_POST
def undo(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Say again what held before the last change of this session: one more statement each."""
    about = whose(request, citizen)
    kept = request.session.get(_UNDO, {})
    if kept.get("query") == about.query:
        back = [
            ((ConsentPurpose(purpose), ContactChannel(channel) if channel else None), was)
            for purpose, channel, was in kept["back"]
        ]
        if _record(request, citizen, about, back):
            del request.session[_UNDO]
            messages.success(
                request, _("It is again as before: %(what)s") % {"what": told.told(back)}
            )
    return redirect(reverse("web:choices") + about.query)


def _save(
    request: HttpRequest, citizen: Citizen, about: Whose, form: told.ChoicesForm
) -> HttpResponse:
    changes = form.changes()
    if not changes:
        messages.info(request, _("Nothing has changed: it was like this already."))
    elif _record(request, citizen, about, changes):
        request.session[_UNDO] = {
            "query": about.query,
            "back": [[*key, told.was_followed(key, form.held)] for key, _given in changes],
        }
        request.session.pop(hearing.UNDO, None)
        recorded = {"what": told.told(changes)}
        messages.success(request, _("Recorded, and it holds from now on: %(what)s") % recorded)
    return redirect(reverse("web:choices") + about.query)


def _record(
    request: HttpRequest,
    citizen: Citizen,
    about: Whose,
    changes: Iterable[tuple[told.Key, bool]],
) -> bool:
    """Record all statements or none; a refusal becomes a message."""
    try:
        with with_application_rights():
            for (purpose, channel), is_given in changes:
                make_choice(
                    citizen=about.citizen,
                    purpose=purpose,
                    channel=channel,
                    is_given=is_given,
                    by=citizen.user,
                    language=get_language() or "vi",
                )
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
        return False
    return True
