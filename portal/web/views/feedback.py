"""`/map/feedback/`: say what goes wrong or well; find the answer again, and rate it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from citizens.models import User
from dossiers.enums import Satisfaction
from dossiers.models.ratings import SATISFACTIONS
from portal.common import clock
from portal.common.errors import RefusedError
from portal.reporting.feedback.models import LONGEST_WORDS, Feedback
from portal.reporting.feedback.reading import with_steps
from portal.reporting.feedback.taking import feedback_of, rate_answer, take_feedback
from portal.reporting.feedback.terms import term_on
from portal.reporting.selectors.units import units_counted
from portal.web.access import public
from portal.web.limits import Limit, address_of
from portal.web.presenters import feedback as shown

UNFIT = 422
SENT = Limit("feedback", most=10, seconds=3600)
LOOKED = Limit("feedback-look", most=30, seconds=3600)
_CODE = "feedback_code"
_KEPT_FOR = timedelta(minutes=15)
_OWN = 20  # of whoever is signed in, the newest


class FeedbackForm(forms.Form):
    """What somebody has to say, and about which unit."""

    words = forms.CharField(
        label=gettext_lazy("What happened, and what should be better?"),
        max_length=LONGEST_WORDS,
        help_text=gettext_lazy("Please write no identity number and no password here."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Please write what you mean.")},
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Which commune, ward or office of the city is it about?"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Please choose from the list.")},
    )


class LookForm(forms.Form):
    """The code that was told when the feedback was sent."""

    code = forms.CharField(
        label=gettext_lazy("Code of your feedback"),
        max_length=40,
        help_text=gettext_lazy("Four groups of four, like 7KQ2-MX4P-D9TA-HV3C."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Please write the code.")},
    )


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """Ask what somebody has to say; a POST takes it in. With an account one's own stand below."""
    today = clock.today()
    units = units_counted(day=today)
    form = FeedbackForm(request.POST or None)
    cast(forms.ChoiceField, form.fields["unit"]).choices = shown.unit_choices(units)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, UNFIT if request.method == "POST" else 200)
    refused = SENT.passed(address_of(request))
    if refused is not None:
        return _page(request, form, 429, must_wait=True)
    now = clock.now()
    named = form.cleaned_data["unit"]
    _row, code = take_feedback(
        words=form.cleaned_data["words"],
        unit=next((one for one in units if one.code == named), None),
        sender=_sender(request),
        now=now,
    )
    request.session[_CODE] = {"code": code, "until": (now + _KEPT_FOR).isoformat()}
    return redirect("web:feedback_sent")


@public
@never_cache
@require_safe
def feedback_sent(request: HttpRequest) -> HttpResponse:
    """Tell the code for a quarter of an hour, so that reading again loses nothing."""
    kept = request.session.get(_CODE)
    if kept is None or datetime.fromisoformat(kept["until"]) < clock.now():
        request.session.pop(_CODE, None)
        return redirect("web:feedback")
    told = {"code": kept["code"], "line": None, "is_own": _sender(request) is not None}
    found = feedback_of(code=kept["code"])
    if found is not None:
        told["line"] = shown.line_of(_with_steps(found))
    return render(request, "web/feedback_sent.html", told)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_look(request: HttpRequest) -> HttpResponse:
    """Show where one's feedback is, by its code; a POST with a rating keeps it too."""
    if request.method != "POST":
        return _looked(request, LookForm())
    refused = LOOKED.passed(address_of(request))
    if refused is not None:
        return _looked(request, LookForm(request.POST), 429, must_wait=True)
    form = LookForm(request.POST)
    if not form.is_valid():
        return _looked(request, form, UNFIT)
    code = form.cleaned_data["code"]
    found = feedback_of(code=code)
    if found is None:
        return _looked(request, form, UNFIT, is_unknown=True)
    found = _rated(request, found)
    return _looked(request, LookForm(), line=shown.line_of(_with_steps(found)), code=code)


def _rated(request: HttpRequest, found: Feedback) -> Feedback:
    answer = request.POST.get("rating")
    if answer not in list(Satisfaction):
        return found
    try:
        found = rate_answer(feedback=found, answer=Satisfaction(answer), now=clock.now())
    except RefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Thank you. Your rating is kept."))
    return found


def _sender(request: HttpRequest) -> User | None:
    """Return the citizen who is signed in, None for everybody else."""
    user = request.user
    return user if isinstance(user, User) and not user.is_staff else None


def _with_steps(found: Feedback) -> Feedback:
    rows = Feedback.objects.filter(pk=found.pk).select_related("unit", "agency")
    row: Feedback = with_steps(rows).get()
    return row


def _page(
    request: HttpRequest, form: FeedbackForm, status: int = 200, *, must_wait: bool = False
) -> HttpResponse:
    sender = _sender(request)
    own = Feedback.objects.filter(sender=sender) if sender else Feedback.objects.none()
    rows = with_steps(own.select_related("unit", "agency")).order_by("-received_on", "-pk")[:_OWN]
    context = {
        "form": form,
        "look_form": LookForm(),
        "must_wait": must_wait,
        "own": [shown.line_of(row) for row in rows],
        "term": term_on(clock.today()),
        "is_signed_in": sender is not None,
    }
    return render(request, "web/feedback.html", context, status=status)


def _looked(
    request: HttpRequest, form: LookForm, status: int = 200, **said: object
) -> HttpResponse:
    context = {"form": form, "line": None, "must_wait": False, "is_unknown": False, "code": ""}
    answers = {"ratings": SATISFACTIONS}
    return render(request, "web/feedback_look.html", context | answers | said, status=status)
