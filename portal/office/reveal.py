"""Show in full what the desk masks: a reason first, then the log, then the value, once.

The value stands in the answer to the POST and nowhere else: no address, no session, no cache.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from citizens.enums import ContactChannel, ViewPurpose
from citizens.models import Citizen
from citizens.selectors.sensitive import POVERTY, SENSITIVE_FIELDS, sensitive_facts_of
from dossiers.models import Dossier
from portal.common import clock
from portal.office.access import log_people_shown
from portal.office.people_named import people_shown
from portal.office.queue import dossiers_of
from portal.office.sensitive import asks_for_sensitive, may_open_sensitive, needs_dossier
from portal.office.standing import Standing, standing_of

Line = tuple[Any, str]

REASONS = (
    (ViewPurpose.DOSSIER, _("A dossier of this person (give its code)")),
    (ViewPurpose.COUNTER, _("The person is here, and I compare it with their card")),
    (ViewPurpose.SUPPORT, _("I have to call the person")),
    (ViewPurpose.DATA_QUALITY, _("A register may be wrong, and I check it")),
)
_LABELS: Mapping[str, Any] = {
    "ethnicity": _("Ethnicity"),
    "religion": _("Religion"),
    "blood_type": _("Blood type"),
    POVERTY: _("Poverty status"),
}


@dataclass(frozen=True)
class Hidden:
    """Something masked: its heading, the fields that the log names, the reasons that open it."""

    heading: Any
    fields: tuple[str, ...]
    reasons: tuple[ViewPurpose, ...]
    read: Callable[[Citizen], list[Line]]


def _pin(person: Citizen) -> list[Line]:
    return [(_("Personal number"), person.pin)] if person.pin else []


def _phones(person: Citizen) -> list[Line]:
    points = person.party.contact_points.filter(channel=ContactChannel.SMS).order_by("pk")
    return [(_("Phone"), _as_written(point.value)) for point in points]


def _as_written(phone: str) -> str:
    return f"0{phone.removeprefix('+84')}" if phone.startswith("+84") else phone


def _sensitive(person: Citizen) -> list[Line]:
    held = sensitive_facts_of(citizen=person, day=clock.today())
    return [(_LABELS[field], value) for field, value in held.items()]


D = ViewPurpose
HIDDEN: Mapping[str, Hidden] = {
    "personal_id": Hidden(
        _("Personal number in full"),
        ("personal_id",),
        (D.DOSSIER, D.COUNTER, D.DATA_QUALITY),
        _pin,
    ),
    "phone": Hidden(
        _("Phone numbers in full"), ("phone",), (D.DOSSIER, D.SUPPORT, D.DATA_QUALITY), _phones
    ),
    "sensitive": Hidden(
        _("Sensitive data"), SENSITIVE_FIELDS, (D.DOSSIER, D.DATA_QUALITY), _sensitive
    ),
}


class PurposeForm(forms.Form):
    """Why somebody wants to see it. A dossier must be within reach and name the person."""

    purpose = forms.ChoiceField(label=_("Why do you need it?"), choices=REASONS)
    code = forms.CharField(
        label=_("Dossier code"),
        max_length=40,
        required=False,
        help_text=_("when the reason is a dossier"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self,
        data: Any,
        *,
        person: Citizen,
        standing: Standing,
        reasons: Sequence[ViewPurpose],
        only_if: Callable[[Dossier], bool],
    ) -> None:
        super().__init__(data)
        self.person, self.standing, self.only_if = person, standing, only_if
        choices = [choice for choice in REASONS if choice[0] in reasons]
        self.fields["purpose"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a dossier that is out of reach, or that does not concern the person."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("purpose") != ViewPurpose.DOSSIER:
            return given | {"code": ""}
        code = given.get("code", "").strip()
        dossier = dossiers_of(self.standing).filter(code=code).first() if code else None
        if dossier is None or self.person.pk not in people_shown(dossier):
            self.add_error("code", _("No dossier of this person with this code is at your desk."))
        elif not self.only_if(dossier):
            self.add_error(
                "code", _("This dossier does not ask for these data, or it is finished.")
            )
        return given | {"code": code}


@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request: HttpRequest, person: Citizen, what: str) -> HttpResponse:
    """Ask for the reason; a POST with a good one shows the value in its answer, and only there."""
    hidden, standing = HIDDEN[what], standing_of(request)
    is_sensitive = what == "sensitive"
    if is_sensitive and not may_open_sensitive(standing, person):
        raise PermissionDenied
    by_dossier = is_sensitive and needs_dossier(standing, person)
    form = PurposeForm(
        request.POST if request.method == "POST" else None,
        person=person,
        standing=standing,
        reasons=(ViewPurpose.DOSSIER,) if by_dossier else hidden.reasons,
        only_if=asks_for_sensitive if is_sensitive else lambda _dossier: True,
    )
    shown: list[Line] | None = None
    if form.is_valid():
        _log(request, person, hidden.fields, form.cleaned_data)
        shown = hidden.read(person)
    else:
        _log(request, person, ("full_name",), {"purpose": ViewPurpose.COUNTER, "code": ""})
    return _page(request, person, hidden, form, shown)


def _log(
    request: HttpRequest, person: Citizen, fields: Sequence[str], given: Mapping[str, Any]
) -> None:
    log_people_shown(
        request,
        people=[person.pk],
        fields=fields,
        purpose=ViewPurpose(given["purpose"]),
        reference=given["code"],
    )


def _page(
    request: HttpRequest,
    person: Citizen,
    hidden: Hidden,
    form: PurposeForm,
    shown: list[Line] | None,
) -> HttpResponse:
    context = {
        "title": hidden.heading,
        "person": person,
        "back": reverse("admin:citizens_citizen_change", args=[person.pk]),
        "form": form,
        "shown": shown,
        "is_shown": shown is not None,
        "is_number": hidden.read is not _sensitive,
    }
    status = 422 if form.errors else 200
    whole = admin.site.each_context(request) | context
    return render(request, "office/reveal.html", whole, status=status)
