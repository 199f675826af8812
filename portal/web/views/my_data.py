"""What the registers hold about the person, and the way to say that it is wrong."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citizens.models import Citizen, Discrepancy, Party
from citizens.selectors import StoredValue, may_act, open_cases, stored_value
from dossiers.services import contest_field
from portal.common import clock
from portal.common.errors import RefusedError
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens, own_suggestion
from portal.web.origins import origin_of
from portal.web.presenters.contest import ContestForm, contest_page
from portal.web.presenters.doubts import case_rows
from portal.web.presenters.filing import matter_of
from portal.web.presenters.my_data import holders
from portal.web.presenters.people import parties_of
from portal.web.templatetags.portal_format import vi_date


@for_citizens
@require_safe
def my_data(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Show what each register says about the person and those they act for, and their cases."""
    day = clock.today()
    parties = parties_of(citizen, day)
    context = {
        "holders": holders(citizen, parties, day),
        "cases": case_rows(citizen, parties),
    }
    return render(request, "web/my_data.html", context)


@for_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: HttpRequest, citizen: Citizen, token: str) -> HttpResponse:
    """Ask what is right instead of a value; a POST opens the case."""
    stored, subject = _own_value(citizen, token)
    back = _back(request, citizen)
    standing = open_cases(origins=[stored.origin]).get(stored.origin)
    form = ContestForm(stored, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        case = _open(form, citizen, stored)
        if case is not None:
            messages.success(request, _said(case))
            return redirect(back)
    context = {
        "page": contest_page(stored, subject, clock.today()),
        "form": form,
        "back": back,
        "case": standing,
        "about": "" if subject.pk == citizen.pk else subject,
    }
    status = 422 if form.errors else 200
    return render(request, "web/contest.html", context, status=status)


def _own_value(citizen: Citizen, token: str) -> tuple[StoredValue, Party]:
    """Return a value of the person's or of one they act for; others do not exist (F33)."""
    origin = origin_of(token=token, citizen=citizen)
    stored = None if origin is None else stored_value(origin=origin)
    if stored is None:
        raise Http404
    subject = Party.objects.get(pk=stored.subject_id)
    if not may_act(actor=citizen, party=subject, day=clock.today()):
        raise Http404
    return stored, subject


def _back(request: HttpRequest, citizen: Citizen) -> str:
    """Return the page from which the person came: a form of theirs, else their data."""
    if "procedure" in request.GET:
        return matter_of(request, citizen, request.GET["procedure"]).url("filing")
    wanted = request.GET.get("suggestion", "")
    if not wanted:
        return reverse("web:my_data")
    try:
        public_id = UUID(wanted)
    except ValueError:
        raise Http404 from None
    return reverse("web:suggestion", args=[own_suggestion(citizen, public_id).public_id])


def _open(form: ContestForm, citizen: Citizen, stored: StoredValue) -> Discrepancy | None:
    """Open the case; None when the form says what is wrong with it."""
    try:
        with with_application_rights():
            return contest_field(
                citizen=citizen,
                origin=stored.origin,
                stated=form.cleaned_data["stated"],
                note=form.cleaned_data["note"],
                day=clock.today(),
            )
    except RefusedError as refused:
        form.add_error("stated", " ".join(refused.reasons))
        return None


def _said(case: Discrepancy) -> str:
    told = {"office": case.owner.name_vi, "day": vi_date(case.due_on)}
    return _("Thank you. %(office)s answers by %(day)s; nothing of yours waits for it.") % told
