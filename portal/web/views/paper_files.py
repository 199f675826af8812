"""A person's files: the repository, a download, a paper laid ready, what was asked for later."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from citizens.models import Citizen, Party
from citizens.selectors import may_act
from citizens.selectors.helping import only_helps
from dossiers.documents.small_uploads import taking_files
from dossiers.documents.store import open_stored
from dossiers.enums import Action, Actor
from dossiers.models import Document
from dossiers.selectors import dossiers_of, dossiers_read_by
from dossiers.selectors.papers import is_usable, kept_back, repository_of, reusable_papers
from dossiers.services import advance
from dossiers.services.hand_in_papers import lay_ready, remove_upload, take_away
from dossiers.services.keep_upload import keep_upload
from dossiers.tasks import ring_for_scans
from portal.common import clock
from portal.common.downloads import closed_file
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens, own_dossier
from portal.web.presenters.paper_slots import kept_files
from portal.web.presenters.people import parties_of
from procedures.models import Suggestion

MOST_SHOWN = 100
_DRAFTS = {"web:filing_draft", "web:suggestion_draft"}


@for_citizens
@require_safe
def repository(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Show results, digitised papers and what was sent, of the person and whom they act for."""
    parties = {citizen.pk, *(party.pk for party in parties_of(citizen, clock.today()))}
    files = repository_of(parties=parties)[:MOST_SHOWN]
    return render(request, "web/repository.html", {"files": kept_files(files, citizen)})


@for_citizens
@require_safe
def paper_file(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Give a file to its owner; nobody else's exists, nor one that is not found harmless."""
    mine = dossiers_read_by(citizen=citizen).values("pk")
    parties = {citizen.pk, *(party.pk for party in parties_of(citizen, clock.today()))}
    of_dossiers = (
        Q(papers__dossier__in=mine) | Q(issued_as__dossier__in=mine) | Q(results__dossier__in=mine)
    )
    own = Document.objects.filter(~kept_back()).filter(
        Q(owner__in=parties, removed_at=None) | of_dossiers
    )
    document = own.filter(public_id=public_id).first()
    if document is None or not is_usable(document):
        raise Http404
    return closed_file(
        request,
        open_stored(document),
        name=document.given_name,
        media_type=document.media_type,
    )


@for_citizens
@require_POST
def paper_remove(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Take a file that the person sent out of the repository."""
    parties = {citizen.pk, *(party.pk for party in parties_of(citizen, clock.today()))}
    document = repository_of(parties=parties).filter(public_id=public_id).first()
    if document is None:
        raise Http404
    try:
        with with_application_rights():
            remove_upload(document=document, now=clock.now())
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        messages.success(request, _("The file was removed from your repository."))
    return redirect("web:repository")


@for_citizens
@csrf_protect
@require_POST
def _press(request: HttpRequest, citizen: Citizen, owner: UUID, code: str) -> HttpResponse:
    """Lay a file ready for a paper: sent now, or chosen from the repository; or take it away."""
    party = _own_party(citizen, owner)
    try:
        with with_application_rights():
            _answer(request, citizen, party, code[:20])
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
    return redirect(_back(request))


@taking_files
@wraps(_press, assigned=())  # what it says of itself: who may use it
def paper_slot(request: HttpRequest, owner: UUID, code: str) -> HttpResponse:
    """Answer a press about a paper, and keep what was typed on the page that it stands on."""
    answer = _press(request, owner=owner, code=code)
    # A press that was let in leads back; whoever is not let in has nothing to keep.
    if answer.status_code == HTTPStatus.FOUND and request.user.is_authenticated:
        _keep_typed(request)
    return answer


def _keep_typed(request: HttpRequest) -> None:
    """Let the page of the answers that came along keep them; it asks itself who may."""
    address = urlsplit(request.POST.get("draft_at", ""))
    try:
        found = resolve(address.path)
    except Resolver404:
        return
    if found.view_name not in _DRAFTS:
        return
    request.GET = QueryDict(address.query)
    try:
        found.func(request, **found.kwargs)
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))


def _answer(request: HttpRequest, citizen: Citizen, party: Party, code: str) -> None:
    if "take_away" in request.POST:
        take_away(applicant=citizen, owner=party, component_code=code)
        return
    sent = request.FILES.get(f"file-{code}") or request.FILES.get("file")
    wanted = request.POST.get("document", "")
    if sent is not None:
        document = keep_upload(
            owner=party, data=sent.read(), given_name=sent.name or "", component_code=code
        )
        transaction.on_commit(ring_for_scans)
    else:
        reusable = reusable_papers(reader=citizen, owner=party, day=clock.today())
        kept = {str(one.public_id): one for one in reusable}
        if wanted not in kept:
            raise RefusedError(_("Please choose a file first."))
        document = kept[wanted]
    lay_ready(
        applicant=citizen, owner=party, component_code=code, document=document, now=clock.now()
    )
    taken = {"name": document.title_vi or document.given_name}
    messages.success(request, _("The file %(name)s is laid ready.") % taken)


def _own_party(citizen: Citizen, public_id: UUID) -> Party:
    """Return whom a paper is laid ready for; anybody the person has nothing to do with is 404."""
    party = Party.objects.filter(public_id=public_id).first()
    if party is None:
        raise Http404
    is_mine = (
        may_act(actor=citizen, party=party, day=clock.today())
        or Suggestion.objects.filter(subject=party, recipients__citizen=citizen).exists()
        or only_helps(helper=citizen, party=party, day=clock.today())
        or dossiers_of(citizen=citizen).filter(owner=party).exists()
    )
    if not is_mine:
        raise Http404
    return party


def _back(request: HttpRequest) -> str:
    """Return the page that the press came from; only one of ours (F41)."""
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return f"{back}#papers" if is_ours else "/my/papers/files/"


@for_citizens
@require_POST
def supplement(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Hand in what the office asked for, as it is laid ready."""
    row = own_dossier(citizen, public_id)
    shown = request.POST.get("version", "")
    try:
        with with_application_rights():
            advance(
                dossier=row,
                action=Action.SUPPLEMENT,
                user=citizen.user,
                actor_role=Actor.CITIZEN,
                version=shown_version(shown) if shown else row.version,
                now=clock.now(),
            )
    except (RefusedError, StaleVersionError) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The papers were handed in. The clock runs again."))
    return redirect("web:dossier", public_id)
