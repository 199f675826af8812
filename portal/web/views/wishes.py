"""What people begin themselves: the list, a few questions with their answer, and the beginning."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from citizens.models import Citizen
from portal.common import clock
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens
from portal.web.presenters.bundles import step_lines
from portal.web.presenters.wishes import QuestionForm, answer_told, wish_of
from procedures.models import BundleVersion, RuleVersion
from procedures.selectors import bundle_version_in_force, offer_of_bundle
from procedures.selectors.bundle_questions import questions_of, spared_by, wishes_in_force
from procedures.services.begin_bundle import begin_bundle

UNFIT = 422


@for_citizens
@require_safe
def wishes(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """List what people may begin without being asked."""
    found = wishes_in_force(day=clock.today())
    return render(request, "web/wishes.html", {"wishes": [wish_of(one) for one in found]})


@for_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: HttpRequest, citizen: Citizen, rule: str) -> HttpResponse:
    """Ask what decides about the steps and answer it; a POST begins the matter, files nothing."""
    day = clock.today()
    version, bundle = _found(rule)
    asked = questions_of(bundle, day=day)
    sent = request.POST if request.method == "POST" else request.GET
    form = QuestionForm(asked, sent if sent or not asked else None)
    is_answered = not asked or (form.is_bound and form.is_valid())
    if request.method == "POST" and is_answered:
        with with_application_rights():
            begun = begin_bundle(
                citizen=citizen, rule_version=version, stated=_stated(form), now=clock.now()
            )
        return redirect("web:suggestion", begun.public_id)
    stated = _stated(form) if is_answered else {}
    context = {
        "wish": wish_of(version),
        "form": form,
        "is_answered": is_answered,
        "stated": stated.items(),
        "answers": [answer_told(one, stated) for one in spared_by(bundle, stated, day=day)]
        if is_answered
        else [],
        "steps": step_lines(offer_of_bundle(bundle, stated, day)),
    }
    return render(request, "web/wish.html", context, status=UNFIT if form.errors else 200)


def _found(key: str) -> tuple[RuleVersion, BundleVersion]:
    day = clock.today()
    for version in wishes_in_force(day=day):
        if version.rule.key == key and version.rule.bundle is not None:
            bundle = bundle_version_in_force(bundle=version.rule.bundle, day=day)
            if bundle is not None:
                return version, bundle
    raise Http404


def _stated(form: QuestionForm) -> dict[str, str]:
    return form.stated if form.is_bound and form.is_valid() else {}
