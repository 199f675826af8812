"""The person's dossiers: the list, one of them, and taking one back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citizens.models import Citizen
from dossiers.enums import Action, Actor
from dossiers.selectors import dossiers_of, is_helper, offered_actions
from dossiers.services import advance
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens, own_dossier
from portal.web.presenters import dossiers as told
from portal.web.presenters.afterwards import asked_of, summary
from portal.web.presenters.automatic import automatic_told
from portal.web.presenters.bundles import filed_together
from portal.web.presenters.helping import helper_of
from portal.web.presenters.issued import download_of, papers_out
from portal.web.presenters.paper_slots import demanded, filed_papers
from portal.web.presenters.payments import fees_of
from portal.web.presenters.stages import stage_now, waits_for
from portal.web.views.issued import RECEIVED
from portal.web.views.suggestions import FILED

ON_A_PAGE = 10


@for_citizens
@require_safe
def dossiers(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """List what the person filed or may follow, newest first."""
    filed = dossiers_of(citizen=citizen).select_related("owner__citizen", "owner__organisation")
    page = Paginator(filed, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"cards": [told.card(row, citizen.pk) for row in page], "page": page}
    return render(request, "web/dossiers.html", context)


@for_citizens
@require_safe
def dossier(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Show where a dossier is, when it comes, and why that day."""
    row = own_dossier(citizen, public_id)
    offers = offered_actions(dossier=row, user=citizen.user, day=clock.today())
    is_reader_helping = is_helper(dossier=row, reader=citizen)
    context = {
        "dossier": told.head(row, clock.today()),
        "public_id": public_id,
        "stage": stage_now(row),
        "waits": waits_for(row),
        "number_awaited": told.number_of_child(row),
        "filed": request.session.pop(FILED, "") == str(public_id),
        "for_whom": helper_of(row, citizen) or told.whose(row, citizen),
        "timeline": told.steps(row),
        "automatic": automatic_told(row, citizen),
        "given": [] if is_reader_helping else told.given(row),
        "papers": [] if is_reader_helping else filed_papers(row),
        "together": filed_together(row, citizen),
        "next_cycle": told.next_cycle(row, clock.today()),
        "returns": told.returns(row),
        "fees": fees_of(row),
        "asked": asked_of(row, citizen, clock.now()),
        "saved": summary(row),
        "has_slip": told.was_received(row),
        "out": papers_out(row, citizen, is_helping=is_reader_helping),
        "supplement": demanded(row, citizen),
        "may_withdraw": any(offer.action is Action.WITHDRAW for offer in offers),
    }
    response = render(request, "web/dossier.html", context)
    received = download_of(row, request.session.pop(RECEIVED, ""))
    if received:  # a file: the page stays
        response["Refresh"] = f"1; url={received}"
    return response


@for_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Ask whether the person is sure; a POST takes the dossier back."""
    row = own_dossier(citizen, public_id)
    if request.method != "POST":
        return render(request, "web/withdraw.html", {"dossier": row, "title": told.title_of(row)})
    shown = request.POST.get("version", "")
    try:
        with with_application_rights():
            advance(
                dossier=row,
                action=Action.WITHDRAW,
                user=citizen.user,
                actor_role=Actor.CITIZEN,
                version=shown_version(shown) if shown else row.version,
                now=clock.now(),
            )
    except (RefusedError, StaleVersionError) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Dossier %(code)s is withdrawn.") % {"code": row.code})
    return redirect("web:dossier", public_id)
