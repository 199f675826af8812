"""Requests about one's data: the list, a new one, one of them, taking it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citizens.enums import DataRequestKind
from citizens.models import Citizen, DataRequest
from citizens.selectors import request_for, requests_of
from citizens.workflow import BY_SOFTWARE, OPEN_STATES, request_code
from dossiers.services import cancel_data_request, make_data_copy, submit_data_request
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens
from portal.web.presenters import data_requests as told
from portal.web.whose import Whose, whose

ON_A_PAGE = 10
AT_ONCE = "at_once"


def own_request(citizen: Citizen, public_id: UUID) -> DataRequest:
    """Return one of the person's requests; anybody else's does not exist (F33)."""
    try:
        return request_for(
            citizen=citizen, user=citizen.user, public_id=public_id, day=clock.today()
        )
    except DataRequest.DoesNotExist:
        raise Http404 from None


@for_citizens
@require_safe
def data_requests(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """List what the person asked, the latest first, and what may be asked."""
    day = clock.today()
    found = requests_of(citizen=citizen, user=citizen.user, day=day)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "cards": told.cards(page.object_list, citizen, day),
        "page": page,
        "kinds": told.kinds(),
        "about": whose(request, citizen),
    }
    return render(request, "web/requests.html", context)


@for_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def new_request(request: HttpRequest, citizen: Citizen, kind: str) -> HttpResponse:
    """Say what will happen and by when; a POST sends the request."""
    if kind not in set(DataRequestKind):
        raise Http404
    wanted, about = DataRequestKind(kind), whose(request, citizen)
    body = request.POST.get("body", "")
    if request.method == "POST":
        sent = _send(request, citizen, about, wanted, body)
        if sent is not None:
            return redirect("web:request", sent.public_id)
    context = {
        "kind": told.kind_of(wanted),
        "promise": told.promise(wanted, clock.today()),
        "about": about,
        "body": body,
        "must_say": wanted == DataRequestKind.CORRECT,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "web/request_new.html", context, status=status)


def _send(
    request: HttpRequest, citizen: Citizen, about: Whose, kind: DataRequestKind, body: str
) -> DataRequest | None:
    """Return the request taken in, or None, the reasons told on the page."""
    is_at_once = kind in BY_SOFTWARE and AT_ONCE in request.POST
    if kind in BY_SOFTWARE and not is_at_once and not body.strip():
        messages.error(request, _("Please write what you want to know."))
        return None
    now, user = clock.now(), citizen.user
    try:
        with with_application_rights():
            if is_at_once:
                return make_data_copy(citizen=about.citizen, kind=kind, by=user, now=now)
            sent = submit_data_request(
                citizen=about.citizen, kind=kind, body=body, by=user, now=now
            )
    except RefusedError as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return None
    code = {"code": request_code(sent.public_id)}
    messages.success(request, _("Your request %(code)s is on record.") % code)
    return sent


@for_citizens
@require_safe
def data_request(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Show one request: what was asked, by when, what was answered."""
    row = own_request(citizen, public_id)
    context = told.page_of(row, citizen, clock.today(), clock.now())
    return render(request, "web/request.html", context)


@for_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Ask whether the person is sure; a POST takes the request back."""
    row = own_request(citizen, public_id)
    if row.state not in OPEN_STATES:
        return redirect("web:request", public_id)
    if request.method != "POST":
        context = {"card": told.card(row, citizen, clock.today()), "version": row.version}
        return render(request, "web/request_cancel.html", context)
    shown = request.POST.get("version", "")
    version = shown_version(shown) if shown else row.version
    try:
        with with_application_rights():
            cancel_data_request(request=row, user=citizen.user, version=version, now=clock.now())
    except (RefusedError, StaleVersionError) as refused:
        messages.error(request, str(refused))
    else:
        code = {"code": request_code(public_id)}
        messages.success(request, _("Request %(code)s is taken back.") % code)
    return redirect("web:request", public_id)
