"""One page for all dossiers of a bundle case, and what the person decides about one step."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.models import Citizen
from citizens.selectors import AgencyMissingError
from dossiers.bundle_rules import NEEDS_ANSWERS, Move
from dossiers.enums import BundleStepState
from dossiers.models import BundleCase, BundleStep
from dossiers.selectors.bundles import case_for, case_steps
from dossiers.services import AnswersRefusedError
from dossiers.services.decide_step import answer_step, decide_step, replace_step
from dossiers.services.file_next_steps import kept_answers, subject_of
from dossiers.services.keep_typed import keep_typed, typed_for
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens
from portal.web.forms import MissingForm
from portal.web.keeping import answers_in, asked_again, said
from portal.web.presenters import cases as told
from portal.web.views.suggestions import FILED
from procedures.models import Procedure, ProcedureVersion
from procedures.prefill import Filled, prefill_form
from procedures.selectors import version_in_force


@for_citizens
@require_safe
def case(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Show all steps of a case on one line: done, running, waiting, and who has them."""
    row, steps = _found(citizen, public_id)
    filed = {str(step.dossier.public_id) for step in steps if step.dossier is not None}
    is_new = request.session.get(FILED, "") in filed
    if is_new:
        del request.session[FILED]
    page = told.case_page(row, steps, clock.today())
    context = {"case": page, "public_id": public_id, "filed": is_new}
    return render(request, "web/case.html", context)


@for_citizens
@require_POST
def decide(request: HttpRequest, citizen: Citizen, public_id: UUID, position: int) -> HttpResponse:
    """Take the press of a step: file it again, replace it, leave it out, add it."""
    step = _step(_found(citizen, public_id)[1], position)
    try:
        with with_application_rights():
            _decide(request, citizen, step)
    except (RefusedError, StaleVersionError) as refused:
        messages.error(request, str(refused))
    return redirect("web:case", public_id)


def _decide(request: HttpRequest, citizen: Citizen, step: BundleStep) -> None:
    sent, now = request.POST.get("move", ""), clock.now()
    version = shown_version(request.POST.get("version", ""))
    if sent == Move.REPLACE:
        other = Procedure.objects.filter(code=request.POST.get("code", "")).first()
        if other is None:
            raise RefusedError(_("Please choose from the list."))
        replace_step(step=step, citizen=citizen, procedure=other, version=version, now=now)
    elif sent in set(Move):
        decide_step(step=step, citizen=citizen, move=Move(sent), version=version, now=now)
    else:
        raise RefusedError(_("Please choose from the list."))
    said = {
        Move.DROP: _("The step is left out. You can add it again on this page."),
        Move.RESTORE: _("The step is taken up again."),
    }.get(Move(sent), _("Done. The page shows how the step goes on."))
    messages.success(request, said)


@for_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def case_step(
    request: HttpRequest, citizen: Citizen, public_id: UUID, position: int
) -> HttpResponse:
    """Ask what a step still needs; a POST files it."""
    row, steps = _found(citizen, public_id)
    step = _step(steps, position)
    if step.state != BundleStepState.READY or step.reason != NEEDS_ANSWERS:
        return redirect("web:case", public_id)
    missing = _missing(citizen, row, step)
    if "save" in request.POST:
        return _kept(request, citizen, step, missing)
    typed = typed_for(case=row, step=step)
    is_sent = request.method == "POST"
    form = MissingForm(missing, request.POST) if is_sent else asked_again(missing, typed)
    if form.is_bound and form.is_valid() and _filed(request, citizen, step, form):
        messages.success(request, _("Thank you. The step is filed."))
        return redirect("web:case", public_id)
    context = {
        "form": form,
        "title": told.step_title(step, clock.today()),
        "case_title": told.case_title(row, clock.today()),
        "public_id": public_id,
        "step": step,
        "days": 0,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/case_step.html", context, status=status)


@for_citizens
@require_POST
def case_step_draft(
    request: HttpRequest, citizen: Citizen, public_id: UUID, position: int
) -> HttpResponse:
    """Keep what is typed so far, and say when it was kept."""
    row, steps = _found(citizen, public_id)
    step = _step(steps, position)
    try:
        _keep(request, citizen, step, _missing(citizen, row, step))
    except RefusedError as refused:
        return said(request, str(refused))
    return said(request, days=0)


def _keep(request: HttpRequest, citizen: Citizen, step: BundleStep, missing: list[Filled]) -> None:
    with with_application_rights():
        changes = answers_in(request.POST, missing)
        keep_typed(step=step, citizen=citizen, fields=missing, changes=changes)


def _kept(
    request: HttpRequest, citizen: Citizen, step: BundleStep, missing: list[Filled]
) -> HttpResponse:
    try:
        _keep(request, citizen, step, missing)
    except RefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your draft is saved."))
    return redirect("web:case_step", step.case.public_id, step.position)


def _filed(request: HttpRequest, citizen: Citizen, step: BundleStep, form: MissingForm) -> bool:
    try:
        with with_application_rights():
            answer_step(
                step=step,
                citizen=citizen,
                answers=form.answers,
                version=shown_version(request.POST.get("version", "")),
                now=clock.now(),
            )
    except AnswersRefusedError as refused:
        form.lay_beside(refused.faults)
    except (RefusedError, StaleVersionError, AgencyMissingError) as refused:
        form.lay_beside({"": str(refused)})
    else:
        return True
    return False


def _missing(citizen: Citizen, row: BundleCase, step: BundleStep) -> list[Filled]:
    """Return what the form of a step lacks, besides the answers that were kept."""
    day = clock.today()
    owner, about = subject_of(case=row)
    try:
        version = version_in_force(procedure=step.procedure, day=day)
    except ProcedureVersion.DoesNotExist as gone:
        raise Http404 from gone
    form = prefill_form(
        version=version, subject=owner, applicant=citizen, suggestion=about, day=day
    )
    kept = kept_answers(case=row, step=step)
    return [field for field in form.fitting(kept).missing if not kept.get(field.name)]


def _found(citizen: Citizen, public_id: UUID) -> tuple[BundleCase, list[BundleStep]]:
    try:
        row = case_for(citizen=citizen, public_id=public_id)
    except BundleCase.DoesNotExist as missing:
        raise Http404 from missing
    return row, case_steps(case=row)


def _step(steps: list[BundleStep], position: int) -> BundleStep:
    for step in steps:
        if step.position == position:
            return step
    raise Http404
