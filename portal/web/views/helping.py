"""Helping others to file, and the people who help me: asked for, agreed to, ended."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citizens.enums import HelperKind
from citizens.models import Citizen, HelpRequest
from citizens.models.helping import HELPER_KINDS
from citizens.selectors.helping import help_asked_of, help_given, help_received, standing_help
from citizens.services.helping import answer_help_request, try_help_code
from dossiers.services.help_others import ask_to_help, stop_help
from portal.common import clock
from portal.common.errors import RefusedError
from portal.common.row_security import with_application_rights
from portal.web.access import for_citizens
from portal.web.presenters import helping as told

_TERMS = (
    (1, gettext_lazy("today only")),
    (30, gettext_lazy("30 days")),
    (365, gettext_lazy("one year")),
)
_UNFIT = 422


class AskForm(forms.Form):
    """Whom to help, as what, with what, for how long."""

    pin = forms.RegexField(
        r"^\s*\d{12}\s*$",
        label=gettext_lazy("Their personal number (12 digits)"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("The personal number has 12 digits.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("As whom do you help?"), choices=HELPER_KINDS)
    procedure = forms.ChoiceField(label=gettext_lazy("With which procedure?"), required=False)
    days = forms.TypedChoiceField(
        label=gettext_lazy("For how long?"), choices=_TERMS, coerce=int, initial=30
    )

    def __init__(self, *args: Any, titles: dict[str, str], **kwargs: Any) -> None:
        """Offer the procedures in force, and all of them."""
        super().__init__(*args, **kwargs)
        named = sorted(titles.items(), key=lambda one: one[1])
        choices = [("", _("all procedures")), *named]
        cast(forms.ChoiceField, self.fields["procedure"]).choices = choices


@for_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def helping(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """List whom the person helps, and ask for another; the answer to a POST is always the same."""
    titles = told.titles_today()
    form = AskForm(request.POST if request.method == "POST" else None, titles=titles)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with with_application_rights():
                asked = ask_to_help(
                    helper=citizen,
                    pin=given["pin"].strip(),
                    kind=HelperKind(given["kind"]),
                    procedures=[given["procedure"]] if given["procedure"] else [],
                    days=given["days"],
                    now=clock.now(),
                )
        except RefusedError as refused:
            form.add_error(None, " ".join(refused.reasons))
        else:
            return redirect("web:help_code", asked.public_id)
    with with_application_rights():  # the names of those whom the person helps
        rows = list(help_given(helper=citizen))
        lines = [told.line_of(row, row.person.full_name, titles) for row in rows if row.person]
    context = {
        "form": form,
        "standing": [line for line in lines if line.is_standing],
        "ended_count": sum(not line.is_standing for line in lines),
    }
    status = _UNFIT if form.is_bound else 200
    return render(request, "web/helping.html", context, status=status)


@for_citizens
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Take the code that the person told the helper; of a wrong one no more is said."""
    asked = HelpRequest.objects.filter(helper=citizen, public_id=public_id).first()
    if asked is None:
        raise Http404
    if asked.authority_id is not None:
        return redirect("web:helped", public_id)
    is_wrong = False
    if request.method == "POST":
        given = "".join(request.POST.get("code", "").split())[:12]
        with with_application_rights():
            right = try_help_code(request=asked, helper=citizen, code=given, now=clock.now())
        if right is not None:
            messages.success(request, _("Agreed. You may file for this person now."))
            return redirect("web:helped", public_id)
        is_wrong = True
    context = {"asked": asked, "is_wrong": is_wrong, "is_over": clock.now() >= asked.expires_at}
    return render(request, "web/help_code.html", context, status=_UNFIT if is_wrong else 200)


@for_citizens
@require_safe
def helped(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Show what the helper may begin for one person, and what they filed."""
    titles = told.titles_today()
    with with_application_rights():
        row = help_given(helper=citizen).filter(public_id=public_id).first()
        if row is None or row.person is None:
            raise Http404
        rights = standing_help(day=clock.today()).filter(help_request=row)
        if not rights.exists() or row.person.died_on is not None:
            messages.info(request, _("This help has ended."))
            return redirect("web:helping")
        context = {
            "line": told.line_of(row, row.person.full_name, titles),
            "choices": told.choices_for(row, titles, row.person.party.public_id),
            "filed": told.filed_for(helper=citizen, person=row.person.pk),
        }
    return render(request, "web/helped.html", context)


@for_citizens
@require_safe
def helpers(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Show who asks to help the person, who may, until when, and every act of theirs."""
    titles = told.titles_today()
    with with_application_rights():  # the names of helpers, and what they did
        rows = list(help_received(person=citizen))
        asked = list(help_asked_of(person=citizen, now=clock.now()))
        names = {row.helper_id: row.helper.full_name for row in rows}
        lines = [told.line_of(row, row.helper.full_name, titles) for row in rows]
        context = {
            "asked": [told.line_of(row, row.helper.full_name, titles) for row in asked],
            "standing": [line for line in lines if line.is_standing],
            "ended": [line for line in lines if not line.is_standing],
            "acts": told.acts_of(person=citizen, helpers=names),
        }
    return render(request, "web/helpers.html", context)


@for_citizens
@require_POST
def answer(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """Agree to a helper or refuse, with one press."""
    row = HelpRequest.objects.filter(person=citizen, public_id=public_id).first()
    if row is None:
        raise Http404
    is_yes = request.POST.get("answer") == "yes"
    try:
        with with_application_rights():
            answer_help_request(request=row, person=citizen, is_yes=is_yes, now=clock.now())
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        done = _("You agreed. You can end it at any time.") if is_yes else _("You refused.")
        messages.success(request, done)
    return redirect("web:helpers")


@for_citizens
@require_POST
def end(request: HttpRequest, citizen: Citizen, public_id: UUID) -> HttpResponse:
    """End a help at once, by the person or the helper."""
    row = HelpRequest.objects.filter(public_id=public_id, authority__isnull=False).first()
    if row is None or citizen.pk not in (row.helper_id, row.person_id):
        raise Http404
    with with_application_rights():
        stop_help(request=row, by=citizen, now=clock.now())
    messages.success(request, _("The help has ended."))
    return redirect("web:helpers" if row.person_id == citizen.pk else "web:helping")
