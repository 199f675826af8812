"""The page of "Không đúng?": what is held, what may be said against it, what happens then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from citizens.enums import DiscrepancyKind
from citizens.models import Party
from citizens.models.parties import GENDERS
from citizens.selectors import AgencyMissingError, StoredValue, ValueKind, steward_of, unit_of
from citizens.selectors.readable import column_label, readable
from citizens.services.case_values import LONGEST_VALUE
from citizens.services.open_discrepancy import due_on
from dossiers.services.contest_field import LONGEST_NOTE
from portal.web.presenters.language import either
from portal.web.templatetags.portal_format import short_date, vi_date

_DATES = (ValueKind.DATE, ValueKind.MAYBE_DATE)
# These are mended more easily than written anew.
_EDITED = (ValueKind.NAME, ValueKind.TEXT)


class ContestForm(forms.Form):
    """What is right, and why; whether it can stand there is the service's to say."""

    def __init__(self, stored: StoredValue, data: Any = None) -> None:
        super().__init__(data)
        self.fields["stated"] = _stated(stored)
        self.fields["note"] = forms.CharField(
            label=_("Why, or what we should look at (may be left empty)"),
            required=False,
            max_length=LONGEST_NOTE,
            widget=forms.Textarea(attrs={"rows": 3}),
        )


@dataclass(frozen=True)
class ContestPage:
    """What stands on the page beside the form."""

    label: str
    facts: list[tuple[str, str]]
    office: str
    due_on: str


def contest_page(stored: StoredValue, subject: Party, day: date) -> ContestPage:
    """Return what is held, and who would answer by when if it were contested on `day`."""
    register = either(stored.register.name_vi, stored.register.name_en)
    held = readable(stored.origin.column, stored.value) or _("nothing")
    return ContestPage(
        label=column_label(stored.origin.table, stored.origin.column),
        facts=[
            (_("Held at present"), held),
            (_("Register"), register),
            (_("As of"), short_date(stored.as_of)),
        ],
        office=_office(stored, subject, day),
        due_on=vi_date(due_on(kind=DiscrepancyKind.CONTESTED, day=day)),
    )


def _office(stored: StoredValue, subject: Party, day: date) -> str:
    try:
        unit = unit_of(party=subject)
        return steward_of(register=stored.register, unit=unit, day=day).name_vi
    except AgencyMissingError:
        return ""


def _stated(stored: StoredValue) -> forms.Field:
    label = _("What is right?")
    if stored.kind is ValueKind.GENDER:
        return _one_of(label, [(key, str(word)) for key, word in GENDERS])
    if stored.kind is ValueKind.YES_NO:
        return _one_of(label, [("true", _("Yes")), ("false", _("No"))])
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    if stored.kind in _DATES:
        widget.input_type = "date"
    hint = ""
    if stored.kind is ValueKind.BIRTH:
        hint = _("For example 31/12/1980; where only the month or year is known, 12/1980 or 1980.")
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_VALUE,
        widget=widget,
        help_text=hint,
        initial=stored.value if stored.kind in _EDITED else "",
    )


def _one_of(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Please choose from the list.")},
    )
