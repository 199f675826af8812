"""The data that a law of their own protects: ethnicity, religion, health, poverty."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from citizens.models import Citizen, CitizenSensitive, RegisterRecord
from citizens.selectors.people import household_of

POVERTY = "poverty_status"
SENSITIVE_FIELDS = ("ethnicity", "religion", "blood_type", POVERTY)
"""Luật 91/2025/QH15: origin, religion and health; poverty is shown as carefully (domain.md 7)."""

SENSITIVE_PAPERS = ("poor_household_status",)
"""Kinds of papers that say such a thing by themselves: no list names their holders."""

_REGISTER, _STATUS = "POV", "status"


def sensitive_facts_of(*, citizen: Citizen, day: date) -> Mapping[str, str]:
    """Return the sensitive data held about a person on `day`, in the order of SENSITIVE_FIELDS.

    Whoever shows it asks the permission and writes the view with these fields. The poverty status
    is the person's own, else that of the household in which they live.
    """
    row = CitizenSensitive.objects.select_related("citizen").filter(citizen=citizen).first()
    held = {} if row is None else row.body
    found = {**held, POVERTY: _poverty(citizen, day)}
    return {field: found[field] for field in SENSITIVE_FIELDS if found.get(field)}


def _poverty(citizen: Citizen, day: date) -> str:
    home = household_of(citizen=citizen, day=day)
    subjects = [citizen.pk] if home is None else [citizen.pk, home.pk]
    records = RegisterRecord.objects.filter(register=_REGISTER, subject__in=subjects)
    newest = records.order_by("-as_of", "-pk").first()
    return "" if newest is None else str(newest.body.get(_STATUS, ""))
