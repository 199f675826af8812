"""`/track/`: where is my dossier? By its code and one more fact, without signing in."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dossiers.services.track_dossier import TooManyTriesError, track_dossier
from portal.common import clock
from portal.web.access import public
from portal.web.limits import address_of
from portal.web.presenters.tracking import tracked_page

UNFIT = 422
_REST = 429


class TrackForm(forms.Form):
    """The code of a dossier and the second fact."""

    code = forms.CharField(
        label=_("Dossier code"),
        max_length=40,
        help_text=_("It stands on the receipt slip, like H17.20-20261120-0000123."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Please write the code of the dossier.")},
    )
    fact = forms.RegexField(
        r"^\s*(\d{4}|\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\d{8})\s*$",
        label=_("Last 4 digits of the telephone, or the day of birth"),
        max_length=20,
        help_text=_("Of whoever filed the dossier: 4 digits like 0101, or a day like 20/11/1956."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Please write 4 digits or a day of birth."),
            "invalid": _("Please write 4 digits like 0101, or a day like 20/11/1956."),
        },
    )

    def clean_fact(self) -> str:
        """Return a day with all its digits: "3/9/1956" as "03/09/1956"."""
        parts = str(self.cleaned_data["fact"]).replace(".", "/").replace("-", "/").split("/")
        return "/".join(part.strip().zfill(2) for part in parts)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for code and fact; a POST answers. Only the code may stand in an address."""
    if request.method != "POST":
        code = request.GET.get("code", "")[:40]
        return _page(request, TrackForm(initial={"code": code}))
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _page(request, form, UNFIT)
    try:
        found = track_dossier(
            code=form.cleaned_data["code"],
            fact=form.cleaned_data["fact"],
            address=address_of(request),
            now=clock.now(),
        )
    except TooManyTriesError as error:
        answer = _page(request, form, _REST, until=error.until)
        answer["Retry-After"] = str(int((error.until - clock.now()).total_seconds()) + 1)
        return answer
    shown = {"tracked": tracked_page(found)} if found else {"is_unknown": True}
    return _page(request, TrackForm() if found else form, **shown)


def _page(request: HttpRequest, form: TrackForm, status: int = 200, **said: object) -> HttpResponse:
    shown = {"form": form, "tracked": None, "is_unknown": False, "until": None}
    return render(request, "web/track.html", shown | said, status=status)
