"""What a suggestion offers, its form, and how much of it is known: "Đã điền sẵn 14/15 mục"."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from citizens.models import Citizen
from procedures.models import Suggestion
from procedures.prefill import prefill_offer
from procedures.selectors import Offer, offer_of


def offered(suggestion: Suggestion, day: date, wanted: Collection[str] = frozenset()) -> Offer:
    """Return what the suggestion offers as it is in force on `day`, with the `wanted` steps."""
    return offer_of(suggestion=suggestion, day=day, wanted=wanted)


def prefilled_line(suggestion: Suggestion, citizen: Citizen, day: date) -> str:
    """Return how many answers are filled in, of how many (a constant number of queries)."""
    offer = offered(suggestion, day)
    if not offer.versions:
        return ""
    form = prefill_offer(offer=offer, suggestion=suggestion, applicant=citizen, day=day).form
    known = sum(1 for field in form.fields if field.value)
    whole = known + len(form.missing)
    return _("%(known)d of %(whole)d answers are filled in.") % {"known": known, "whole": whole}
