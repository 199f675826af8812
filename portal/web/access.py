"""Who may open a page. Every view says so with one of these two; a test reads `audience`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from citizens.enums import ViewPurpose
from citizens.models import Citizen
from citizens.selectors import circle_of
from citizens.selectors.helping import help_given, helped_by
from citizens.services import record_access
from dossiers.models import Dossier
from dossiers.selectors import dossier_for
from portal.common import clock
from portal.common.row_security import only_rows_of, with_application_rights
from procedures.models import Suggestion
from procedures.selectors import suggestion_for
from procedures.selectors.readers import reader_of

P = ParamSpec("P")
Page = TypeVar("Page", bound=Callable[..., HttpResponseBase])
View = Callable[P, HttpResponse]
CitizenView = Callable[Concatenate[HttpRequest, Citizen, P], HttpResponse]
DESK = "/admin/"
_SHOWN = {"GET": 200, "POST": 422}


def public(view: Page) -> Page:
    """Let everybody open the page."""
    view.audience = "public"  # type: ignore[attr-defined]
    return view


def for_citizens(view: CitizenView[P]) -> View[Concatenate[HttpRequest, P]]:
    """Hand the page the signed-in citizen; visitors sign in first, officials go to their desk.

    The page is one transaction in which the database shows this person's rows only and lets nothing
    be written; what calls a service does so in `with_application_rights()`. A page that raises has
    written nothing. The session of somebody who died or was merged away ends at once (F21). What is
    shown is never kept by a browser or a proxy.
    """

    return _guarded(view, lambda _request, _person: None)


def for_filers(view: CitizenView[P]) -> View[Concatenate[HttpRequest, P]]:
    """Like `for_citizens`; where `?for=` names whom the person helps, their rows are seen too.

    Only pages that file are opened so. That the helper looked is written down for the person. Where
    the help ended while a form was open, the list of those whom one helps says so.
    """

    @wraps(view)
    def told(
        request: HttpRequest, citizen: Citizen, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        try:
            return view(request, citizen, *args, **kwargs)
        except Http404:
            if not _helped_before(request, citizen):
                raise
        messages.info(request, _("This help has ended."))
        return redirect("web:helping")

    return _guarded(told, _helped)


def _named_in(request: HttpRequest) -> UUID | None:
    """Return the party that `?for=` names."""
    try:
        return UUID(request.GET.get("for", ""))
    except ValueError:
        return None


def _helped_before(request: HttpRequest, citizen: Citizen) -> bool:
    """Return whether the person helped whom `?for=` names and no longer may."""
    wanted = _named_in(request)
    if wanted is None or request.headers.get("HX-Request") == "true":
        return False
    with with_application_rights():
        was_given = help_given(helper=citizen).filter(person__party__public_id=wanted).exists()
    return was_given and _helped(request, citizen.pk) is None


def _helped(request: HttpRequest, person: int) -> int | None:
    """Return the key of the party that `?for=` names if the person helps them today."""
    wanted = _named_in(request)
    if wanted is None:
        return None
    helper = Citizen.objects.alive().filter(pk=person).first()
    if helper is None:
        return None
    party = helped_by(helper=helper, public_id=wanted, day=clock.today())
    return None if party is None else party.pk


def _guarded(
    view: CitizenView[P], also: Callable[[HttpRequest, int], int | None]
) -> View[Concatenate[HttpRequest, P]]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            # What a page keeps while somebody types must not be answered by the sign-in page.
            is_kept = request.method == "POST" and request.headers.get("HX-Request") == "true"
            return (
                HttpResponse(status=401) if is_kept else redirect_to_login(request.get_full_path())
            )
        if request.user.is_staff:
            return redirect(DESK)
        person = request.user.citizen_id or 0
        own = circle = circle_of(person=person, day=clock.today())
        helped = also(request, person)
        if helped is not None:
            circle = circle.with_(circle_of(person=helped, day=clock.today()))
        with only_rows_of(person=person, parties=circle.parties, family=circle.family):
            citizen = reader_of(person=person, circle=own, day=clock.today())
            if citizen is not None:
                response = view(request, citizen, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
                # A form that is shown again, with what is wrong, shows the person's data too.
                if helped is not None and response.status_code == _SHOWN.get(request.method or ""):
                    _note_look(request, helped)
                return response
        return _closed(request)

    kept: View[Concatenate[HttpRequest, P]] = never_cache(guarded)
    kept.audience = "citizen"  # type: ignore[attr-defined]
    return kept


def _note_look(request: HttpRequest, helped: int) -> None:
    """Write down that a helper was shown the form of somebody, where that person reads it."""
    if request.user.is_authenticated:
        with with_application_rights():
            record_access(
                actor=request.user,
                purpose=ViewPurpose.HELPING,
                page="helper_form",
                fields=["form"],
                subject_ids=[helped],
            )


def _closed(request: HttpRequest) -> HttpResponse:
    """End the session of an account that opens nothing any more; say where to ask."""
    if request.user.is_authenticated and request.user.citizen_id is None:
        raise PermissionDenied
    logout(request)
    return redirect("account_inactive")


def own_suggestion(citizen: Citizen, public_id: UUID) -> Suggestion:
    """Return one of the person's suggestions; anybody else's does not exist (F33)."""
    try:
        return suggestion_for(citizen=citizen, public_id=public_id)
    except Suggestion.DoesNotExist:
        raise Http404 from None


def own_dossier(citizen: Citizen, public_id: UUID) -> Dossier:
    """Return one of the person's dossiers; anybody else's does not exist (F33)."""
    try:
        return dossier_for(citizen=citizen, public_id=public_id)
    except Dossier.DoesNotExist:
        raise Http404 from None
