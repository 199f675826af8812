"""How much of a form is known already, in a line: "Đã điền sẵn 14/15 mục"."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from citizens.models import Citizen
from procedures.models import ProcedureVersion, Suggestion
from procedures.prefill import prefill_form
from procedures.selectors import offer_of


def version_of(suggestion: Suggestion, day: date) -> ProcedureVersion | None:
    """Return what the suggestion offers as it is in force on `day`; None where nothing is."""
    return offer_of(suggestion=suggestion, day=day).version


def prefilled_line(suggestion: Suggestion, citizen: Citizen, day: date) -> str:
    """Return how many answers are filled in, of how many (a constant number of queries)."""
    version = version_of(suggestion, day)
    if version is None:
        return ""
    form = prefill_form(
        version=version,
        subject=suggestion.subject,
        applicant=citizen,
        suggestion=suggestion,
        day=day,
    )
    known = sum(1 for field in form.fields if field.value)
    whole = known + len(form.missing)
    return _("%(known)d of %(whole)d answers are filled in.") % {"known": known, "whole": whole}
