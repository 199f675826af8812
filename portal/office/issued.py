"""Papers of a dossier at the desk: what was issued, what is being made, what could not be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citizens.enums import ViewPurpose
from citizens.models import User
from dossiers.documents.signing import SealUnusableError
from dossiers.documents.store import open_stored
from dossiers.enums import FormKind, FormOrderState
from dossiers.models import Dossier, IssuedForm
from dossiers.selectors.issued_forms import waiting_forms
from dossiers.services.issue_form import issue_form
from dossiers.services.make_forms import retry_form
from dossiers.tasks import ring_for_forms
from portal.common import clock
from portal.common.downloads import sealed_paper
from portal.common.errors import RefusedError
from portal.office.access import log_people_shown
from portal.office.dossier_zip import show_zip
from portal.office.hands import hands_here
from portal.office.people_named import people_shown
from portal.office.queue import visible_dossier
from portal.office.queue_way import to_dossier

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
_LOGGED = ("full_name", "personal_id", "address", "phone")


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages of this part, each behind the door that `guarded` puts in front."""
    papers = "dossiers/<uuid:public_id>/papers/"
    return [
        path(f"{papers}control/", guarded(make_control_slip), name="office_control_slip"),
        path(f"{papers}again/<uuid:order>/", guarded(make_again), name="office_form_again"),
        path("dossiers/<uuid:public_id>/dossier.zip", guarded(show_zip), name="office_dossier_zip"),
        path(f"{papers}<uuid:paper>.pdf", guarded(show_paper), name="office_issued"),
    ]


def papers_of(request: HttpRequest, dossier: Dossier) -> dict[str, Any]:
    """Return what templates/office/parts/dossier_issued.html shows."""
    forms = IssuedForm.objects.filter(dossier=dossier).select_related("document")
    orders = waiting_forms(dossier=dossier)
    return {
        "forms": forms.order_by("-pk"),
        "coming": [one for one in orders if one.state != FormOrderState.PARKED],
        "parked": [one for one in orders if one.state == FormOrderState.PARKED],
        "may_make": may_make(request, dossier),
    }


def may_make(request: HttpRequest, dossier: Dossier) -> bool:
    """Return whether the official works on the dossier or at a counter: who only looks does not."""
    hands = hands_here(request, dossier)
    return bool(hands.here | hands.counter)


@require_safe
def show_paper(request: HttpRequest, public_id: UUID, paper: UUID) -> HttpResponse:
    """Show an issued paper of a dossier of the official's units."""
    dossier = visible_dossier(request, public_id)
    forms = IssuedForm.objects.filter(dossier=dossier).select_related("document")
    form = forms.filter(document__public_id=paper).first()
    if form is None:
        raise Http404
    log_people_shown(
        request,
        people=people_shown(dossier),
        fields=_LOGGED,
        purpose=ViewPurpose.DOSSIER,
        reference=dossier.code,
    )
    return sealed_paper(form.document.given_name, open_stored(form.document), keep=False)


@require_POST
def make_control_slip(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Make the control slip of the dossier's last step, or find the one that was made."""
    dossier = _worked_on(request, public_id)
    user = cast(User, request.user)
    try:
        form = issue_form(dossier=dossier, kind=FormKind.CONTROL, user=user, now=clock.now())
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    except SealUnusableError:
        messages.error(request, _("No paper can be sealed now. The operators were told why."))
    else:
        return redirect("admin:office_issued", public_id, form.document.public_id)
    return to_dossier(request, public_id)


@require_POST
def make_again(request: HttpRequest, public_id: UUID, order: UUID) -> HttpResponse:
    """Let a paper that could not be made be tried again."""
    dossier = _worked_on(request, public_id)
    found = waiting_forms(dossier=dossier).filter(public_id=order).first()
    if found is None:
        raise Http404
    if retry_form(order=found, now=clock.now()):
        ring_for_forms()
        messages.success(request, _("The paper will be tried again now."))
    return to_dossier(request, public_id)


def _worked_on(request: HttpRequest, public_id: UUID) -> Dossier:
    """Return a dossier for which the official may have papers made; PermissionDenied for others."""
    dossier = visible_dossier(request, public_id)
    if not may_make(request, dossier):
        raise PermissionDenied
    return dossier
