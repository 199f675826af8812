"""`/call-back/`: have somebody call, for whoever would rather talk. For everybody."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from citizens.registers import cells
from notifications.services.request_call_back import request_call_back
from portal.common import clock
from portal.web.access import public
from portal.web.limits import Limit, address_of

UNFIT = 422
ASKED = Limit("call-back", most=5, seconds=3600)
_LONGEST = 200
REASONS = [
    ("asked_message", gettext_lazy("A message that I received")),
    ("asked_dossier", gettext_lazy("A dossier that I filed")),
    ("asked_procedure", gettext_lazy("Which procedure, which papers I need")),
    ("asked_portal", gettext_lazy("How to use this portal")),
    ("asked_other", gettext_lazy("Something else")),
]
# What the official reads, in Vietnamese whatever the language of the page.
_HOURS = {
    "any": (gettext_lazy("At any office hour"), "Gọi lúc nào trong giờ làm việc cũng được."),
    "morning": (gettext_lazy("In the morning (7:30–11:30)"), "Xin gọi buổi sáng."),
    "afternoon": (gettext_lazy("In the afternoon (13:30–17:00)"), "Xin gọi buổi chiều."),
}


class CallBackForm(forms.Form):
    """The telephone, when to call, and what about."""

    phone = forms.CharField(
        label=gettext_lazy("Your telephone number"),
        max_length=20,
        help_text=gettext_lazy("A mobile number, like 0905 123 456."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": gettext_lazy("Please write the number to call.")},
    )
    hours = forms.ChoiceField(
        label=gettext_lazy("When shall we call?"),
        choices=[(key, label) for key, (label, _words) in _HOURS.items()],
        widget=forms.RadioSelect,
        initial="any",
        error_messages={"required": gettext_lazy("Please choose from the list.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose from the list.")},
    )
    words = forms.CharField(
        label=gettext_lazy("In a few words, if you like"),
        max_length=_LONGEST,
        required=False,
        help_text=gettext_lazy("Please write no identity number and no password here."),
    )

    def clean_phone(self) -> str:
        """Return the number as contact points hold it."""
        try:
            return cells.phone(str(self.cleaned_data["phone"]))
        except cells.BadCell:
            raise forms.ValidationError(_("This is not a mobile number of Việt Nam.")) from None

    @property
    def told(self) -> str:
        """What the official reads."""
        words = (_HOURS[self.cleaned_data["hours"]][1], self.cleaned_data["words"])
        return " ".join(one for one in words if one)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call_back(request: HttpRequest) -> HttpResponse:
    """Ask whom to call and when; a POST puts it on the officials' list."""
    if request.method != "POST":
        return _page(request, CallBackForm())
    form = CallBackForm(request.POST)
    if not form.is_valid():
        return _page(request, form, UNFIT)
    refused = ASKED.passed(address_of(request))
    if refused is not None:
        return _page(request, form, 429, must_wait=True)
    made = request_call_back(
        phone=form.cleaned_data["phone"],
        reason=form.cleaned_data["reason"],
        words=form.told,
        now=clock.now(),
    )
    if made is None:
        return _page(request, form, 429, must_wait=True)
    return redirect("web:call_back_noted")


@public
@require_safe
def noted(request: HttpRequest) -> HttpResponse:
    """Say that somebody will call, and how to know that it is really us."""
    return render(request, "web/call_back_noted.html")


def _page(
    request: HttpRequest, form: CallBackForm, status: int = 200, *, must_wait: bool = False
) -> HttpResponse:
    context = {"form": form, "must_wait": must_wait}
    return render(request, "web/call_back.html", context, status=status)
