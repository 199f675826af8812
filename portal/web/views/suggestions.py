"""One suggestion: what is prepared, the press that files it, and the two ways to answer later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.models import Citizen
from citizens.selectors import Origin
from dossiers.models import Dossier
from dossiers.selectors import KEPT_DAYS
from dossiers.services import AnswersRefusedError, submit_together
from dossiers.services.submit_together import case_of
from dossiers.tasks import ring_for_automatic_decisions
from portal.common import clock
from portal.common.errors import RefusedError
from portal.common.row_security import with_application_rights
from portal.web import keeping, undo
from portal.web.access import for_citizens, own_suggestion
from portal.web.forms import MissingForm
from portal.web.presenters import suggestions as told
from portal.web.presenters.doubts import Doubts
from portal.web.presenters.known import origins_of, papers_of
from portal.web.presenters.matters import Waiting
from portal.web.presenters.paper_slots import slots_of
from portal.web.presenters.people import pronoun
from portal.web.presenters.prefilled import offered
from portal.web.presenters.why_me import why_me
from portal.web.templatetags.portal_format import vi_date
from procedures.models import Suggestion
from procedures.models.suggestions import WAITING
from procedures.prefill import Filled, Together, prefill_offer
from procedures.selectors import Offer, suggestion_and_papers
from procedures.services import dismiss_suggestion, restore_suggestion, snooze_suggestion

FILED = "filed"
WANTED = "with"
_MOST_DIGITS = 6


@for_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def suggestion(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Show what is prepared; a POST files it. A second press leads to the same dossier."""
    row = _own(citizen, public_id)
    # Filing takes the suggestion in the same transaction: while it waits nothing answers it.
    is_waiting = row.suggestion.state in WAITING
    answered = None if is_waiting else _answered(row.suggestion)
    if answered is not None:
        return answered
    wanted = frozenset((request.POST or request.GET).getlist(WANTED))
    offer = offered(row.suggestion, row.day, wanted)
    if not is_waiting or not offer.versions:
        return render(request, "web/suggestion_ended.html", {"suggestion": row}, status=410)
    together = prefill_offer(offer=offer, suggestion=row.suggestion, applicant=citizen, day=row.day)
    missing = together.form.missing
    if request.method != "POST":
        asked = keeping.asked_again(missing, told.stated(row.suggestion, citizen, offer))
        return _page(request, citizen, row, offer, together, asked)
    if "save" in request.POST:
        return _kept(request, citizen, row.suggestion, offer, missing)
    form = MissingForm(missing, request.POST)
    dossiers = _file(form, citizen, row.suggestion, offer, together)
    if not dossiers:
        return _page(request, citizen, row, offer, together, form, status=422)
    transaction.on_commit(ring_for_automatic_decisions)
    request.session[FILED] = str(dossiers[0].public_id)
    return _answered(row.suggestion) or redirect("web:dossier", dossiers[0].public_id)


@for_citizens
@require_POST
def draft(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Keep what is typed so far, and say when it was kept."""
    row = _own(citizen, public_id)
    offer = offered(row.suggestion, row.day, frozenset(request.POST.getlist(WANTED)))
    if not offer.versions:
        return keeping.said(request, _("This was already filed or set aside."))
    missing = prefill_offer(
        offer=offer, suggestion=row.suggestion, applicant=citizen, day=row.day
    ).form.missing
    try:
        _keep(request, citizen, row.suggestion, offer, missing)
    except RefusedError as refused:
        return keeping.said(request, str(refused))
    return keeping.said(request)


def _own(citizen: Citizen, public_id: UUID) -> Waiting:
    """Return one of the person's suggestions; anybody else's does not exist (F33)."""
    try:
        row, papers = suggestion_and_papers(citizen=citizen, public_id=public_id)
    except Suggestion.DoesNotExist:
        raise Http404 from None
    return told.one(row, clock.today(), papers)


def _keep(
    request: HttpRequest,
    citizen: Citizen,
    suggestion: Suggestion,
    offer: Offer,
    missing: Sequence[Filled],
) -> None:
    """Keep the answers to all that one confirmation files, as the draft of its first procedure."""
    keeping.keep(
        request.POST,
        asked=missing,
        version=offer.versions[0],
        applicant=citizen,
        owner=suggestion.subject,
        suggestion=suggestion,
    )


def _kept(
    request: HttpRequest,
    citizen: Citizen,
    suggestion: Suggestion,
    offer: Offer,
    missing: Sequence[Filled],
) -> HttpResponse:
    try:
        _keep(request, citizen, suggestion, offer, missing)
    except RefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your draft is saved."))
    wanted = urlencode([(WANTED, code) for code in request.POST.getlist(WANTED)])
    page = reverse("web:suggestion", args=[suggestion.public_id])
    return redirect(f"{page}?{wanted}" if wanted else page)


def _answered(suggestion: Suggestion) -> HttpResponse | None:
    """Lead to what answers the suggestion already: the case of a bundle, else the dossier."""
    case = case_of(suggestion=suggestion)
    if case is not None:
        return redirect("web:case", case.public_id)
    filed = Dossier.objects.standing().filter(suggestion=suggestion).first()
    return None if filed is None else redirect("web:dossier", filed.public_id)


def _file(
    form: MissingForm, citizen: Citizen, suggestion: Suggestion, offer: Offer, together: Together
) -> list[Dossier]:
    """File what is offered; nothing when the form says what is still wrong."""
    if not form.is_valid():
        return []
    try:
        with with_application_rights():
            return submit_together(
                applicant=citizen,
                suggestion=suggestion,
                offer=offer,
                together=together,
                answers=form.answers,
                now=clock.now(),
            )
    except AnswersRefusedError as refused:
        form.lay_beside(refused.faults)
    except RefusedError as refused:
        form.lay_beside({"": " ".join(refused.reasons)})
    return []


def _page(
    request: HttpRequest,
    citizen: Citizen,
    row: Waiting,
    offer: Offer,
    together: Together,
    form: MissingForm,
    status: int = 200,
) -> HttpResponse:
    prepared = together.form
    doubts = _doubts(row, citizen, origins_of(prepared))
    known = told.known_parts(prepared, row, citizen, doubts)
    answers = told.answers_so_far(together, form)
    context = {
        "suggestion": told.head(row, citizen, offer),
        "public_id": row.suggestion.public_id,
        "you": pronoun(citizen, row.day),
        "known": known,
        "known_count": sum(len(part.first) + len(part.rest) for part in known),
        "missing_count": len(prepared.missing),
        "form": form,
        "papers": papers_of(prepared),
        "slots": slots_of(prepared, applicant=citizen, owner=row.suggestion.subject),
        "terms": told.terms(row, offer, told.unit_of(row, citizen), clock.now(), answers),
        "put_off": told.put_off_line(row),
        "days": KEPT_DAYS,
        "may_snooze": bool(told.snooze_choices(row)),
    }
    return render(request, "web/suggestion.html", context, status=status)


def _doubts(row: Waiting, citizen: Citizen, origins: Iterable[Origin]) -> Doubts:
    """Return what of some values may be contested; that leads back to the suggestion's page."""
    back = f"suggestion={row.suggestion.public_id}"
    return Doubts.of_reader(citizen, origins, day=row.day, back=back)


@for_citizens
@require_safe
def why(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Show the conditions behind a suggestion, each with the data it was answered from."""
    row = _own(citizen, public_id)
    found = why_me(row, citizen)
    conditions = found.told(_doubts(row, citizen, found.origins))
    context = {"suggestion": row, "conditions": conditions}
    return render(request, "web/suggestion_why.html", context)


@for_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def snooze(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Ask for how long to be silent; a POST with `days` does it."""
    row = _own(citizen, public_id)
    choices = dict(told.snooze_choices(row))
    days = request.POST.get("days", "")
    if request.method != "POST" or not days.isdecimal() or len(days) > _MOST_DIGITS:
        context = {"suggestion": row, "choices": choices.items()}
        return render(request, "web/snooze.html", context)
    until = row.day + timedelta(days=min(int(days), 3660))
    try:
        with with_application_rights():
            snooze_suggestion(suggestion=row.suggestion, citizen=citizen, until=until)
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
        return redirect("web:suggestion", public_id)
    said = _("“%(title)s” is put off. You will be reminded on %(day)s.")
    messages.success(request, said % {"title": row.title, "day": vi_date(until)})
    return redirect("web:matters")


@for_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Ask whether the person is sure; a POST takes the suggestion off their list."""
    row = _own(citizen, public_id)
    if request.method != "POST":
        context = {"suggestion": row, "consequence": told.consequence_of(row)}
        return render(request, "web/dismiss.html", context)
    try:
        with with_application_rights():
            dismiss_suggestion(suggestion=row.suggestion, citizen=citizen, now=clock.now())
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
        return redirect("web:suggestion", public_id)
    undo.remember(request, public_id, row.title)
    return redirect("web:matters")


@for_citizens
@require_POST
def restore(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Take a dismissal of this session back."""
    suggestion = own_suggestion(citizen, public_id)
    if undo.may(request, public_id):
        undo.forget(request, public_id)
        try:
            with with_application_rights():
                restore_suggestion(suggestion=suggestion, citizen=citizen)
        except RefusedError as refused:
            messages.error(request, " ".join(refused.reasons))
    return redirect("web:matters")
