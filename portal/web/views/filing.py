"""Filing from a procedure's own page: for whom, the form, the look before, and the press."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.models import Citizen
from dossiers.models import Dossier
from dossiers.selectors import KEPT_DAYS
from dossiers.services import AnswersRefusedError, submit_dossier
from dossiers.services.check_answers import check_answers
from dossiers.services.freeze_form import freeze_form
from dossiers.tasks import ring_for_automatic_decisions
from portal.common import clock
from portal.common.errors import RefusedError
from portal.common.row_security import with_application_rights
from portal.web import keeping
from portal.web.access import for_citizens, for_filers
from portal.web.presenters import filing as told
from portal.web.presenters.doubts import Doubts
from portal.web.presenters.filing import Matter, matter_of
from portal.web.presenters.known import known_of, origins_of, papers_of
from portal.web.presenters.paper_slots import slots_of
from portal.web.presenters.procedures import people_told
from portal.web.presenters.terms import terms_of
from portal.web.views.suggestions import FILED
from procedures.definition import ProcedureDefinition
from procedures.enums import SubjectKind
from procedures.prefill import Form
from procedures.prefill.asking import MissingForm, asked_of

UNFIT = 422


@for_citizens
@require_safe
def begin(request: HttpRequest, citizen: Citizen, key: str) -> HttpResponse:
    """Ask for whom; where there is one choice only it is taken."""
    day = clock.today()
    version = told.version_of(key, day)
    definition = ProcedureDefinition.from_json(version.definition)
    rows = told.prepared(version, citizen, day)
    taken = {row.suggestion.subject_id for row in rows}
    parties = [one for one in told.owners(definition, citizen, day) if one.pk not in taken]
    matters = [Matter(version, definition, citizen, one, day, None) for one in parties]
    if len(matters) == 1 and not rows:
        return redirect(matters[0].url("filing"))
    if len(rows) == 1 and not matters:
        return redirect("web:suggestion", rows[0].suggestion.public_id)
    context = {
        "title": told.title_of(version),
        "key": key,
        "prepared": rows,
        "choices": [(one.name, one.url("filing")) for one in matters],
        "is_for_firms": definition.trigger.subject == SubjectKind.ORGANISATION,
        "for_whom": people_told(definition.filed_for),
    }
    return render(request, "web/filing_begin.html", context)


@for_filers
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, citizen: Citizen, key: str) -> HttpResponse:
    """Show what is known and ask the rest; a POST keeps it and leads to the look before filing."""
    matter = matter_of(request, citizen, key)
    filed = told.filed_already(matter)
    if filed is not None:
        return _led_to(request, filed)
    known = matter.form()
    if request.method != "POST":
        if not known.missing and "edit" not in request.GET and matter.draft is None:
            return redirect(matter.url("filing_check"))
        asked = keeping.asked_again(asked_of(known), matter.stated)
        return _form_page(request, matter, known, asked)
    answered = MissingForm(asked_of(known), request.POST)
    if "save" in request.POST:
        _keep(matter, request.POST)
        messages.success(request, _("Your draft is saved."))
        return redirect(matter.url("filing"))
    if not check_answers(asked=answered, form=known):
        return _form_page(request, matter, known, answered, status=UNFIT)
    _keep(matter, answered.answers)
    return redirect(matter.url("filing_check"))


@for_filers
@require_POST
def draft(request: HttpRequest, citizen: Citizen, key: str) -> HttpResponse:
    """Keep what is typed so far, and say when it was kept."""
    matter = matter_of(request, citizen, key)
    if told.filed_already(matter) is not None:
        return keeping.said(request, _("This was already filed or set aside."))
    _keep(matter, request.POST)
    return keeping.said(request)


@for_filers
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, citizen: Citizen, key: str) -> HttpResponse:
    """Show all of it once more; a POST of what was shown files it."""
    matter = matter_of(request, citizen, key)
    filed = told.filed_already(matter)
    if filed is not None:
        return _led_to(request, filed)
    known = matter.form()
    try:
        freeze_form(form=known, answers=matter.stated)
    except AnswersRefusedError:
        return redirect(matter.url("filing"))
    if request.method != "POST":
        return _check_page(request, matter, known)
    if request.POST.get("number") != str(matter.number):
        messages.warning(
            request, _("Your answers were changed meanwhile. Please check them again.")
        )
        return redirect(matter.url("filing_check"))
    try:
        with with_application_rights():
            dossier = submit_dossier(
                applicant=citizen,
                owner=matter.owner,
                suggestion=None,
                version=matter.version,
                answers=matter.stated,
                channel=matter.channel,
                now=clock.now(),
            )
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
        return redirect(matter.url("filing_check"))
    transaction.on_commit(ring_for_automatic_decisions)
    request.session[FILED] = str(dossier.public_id)
    return redirect("web:dossier", dossier.public_id)


def _led_to(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    if request.method != "POST":
        messages.info(request, _("You have filed this already; here is the dossier."))
    return redirect("web:dossier", dossier.public_id)


def _keep(matter: Matter, sent: Mapping[str, str]) -> None:
    keeping.keep(
        sent,
        asked=asked_of(matter.form()),
        version=matter.version,
        applicant=matter.applicant,
        owner=matter.owner,
        suggestion=None,
    )


def _form_page(
    request: HttpRequest, matter: Matter, known: Form, asked: MissingForm, status: int = 200
) -> HttpResponse:
    context = _context(matter, known) | {
        "form": asked,
        "missing_count": len(known.missing),
        "more_count": len(asked.fields) - len(known.missing),
        "days": KEPT_DAYS,
    }
    return render(request, "web/filing_form.html", context, status=status)


def _check_page(request: HttpRequest, matter: Matter, known: Form) -> HttpResponse:
    context = _context(matter, known) | {
        "answered": told.answered(known, matter.stated),
        "may_edit": bool(asked_of(known)),
    }
    return render(request, "web/filing_check.html", context)


def _context(matter: Matter, known: Form) -> dict[str, object]:
    shown = known.fitting(matter.stated)
    parts = known_of(
        shown,
        subject=matter.owner,
        applicant=matter.applicant,
        day=matter.day,
        doubts=Doubts.of_reader(
            matter.applicant, origins_of(shown), day=matter.day, back=matter.back
        ),
        is_closed=matter.is_helped,
    )
    return {
        "matter": matter,
        "urls": {name: matter.url(name) for name in ("filing", "filing_check", "filing_draft")},
        "known": parts,
        "known_count": sum(len(part.first) + len(part.rest) for part in parts),
        "papers": papers_of(known),
        "slots": slots_of(known, applicant=matter.applicant, owner=matter.owner),
        "terms": terms_of(
            matter.definition,
            channel=matter.channel,
            unit=told.unit_of(matter.owner),
            now=clock.now(),
            answers=matter.stated | {one.name: one.value for one in known.fields if one.value},
        ),
    }
