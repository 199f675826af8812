"""For people of which age a procedure is filed, and that a child's parent or guardian files it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from citizens.enums import PartyKind
from citizens.models import Citizen, Party
from citizens.selectors.kin import FULL_AGE
from procedures.definition import ProcedureDefinition
from procedures.rules import age_on


def age_fault(
    *,
    definition: ProcedureDefinition,
    applicant: Citizen,
    owner: Party,
    day: date,
    is_at_counter: bool = False,
) -> str:
    """Return why it is not filed for somebody of that age, or not by a child alone; "" if it is.

    In words for the person, at a counter in words for the official. A procedure without ages in the
    catalogue, and one that is not about a person, is left to its other rules.
    """
    ages = definition.filed_for
    if ages is None or owner.kind != PartyKind.CITIZEN:
        return ""
    age = age_on(owner.citizen.birth_date, day)
    if not ages.include(age):
        about = {"name": owner.citizen.full_name, "age": age}
        if ages.from_age is not None and age < ages.from_age:
            said = _("This is filed for people from the age of %(from)d; %(name)s is %(age)d.")
            return said % {**about, "from": ages.from_age}
        said = _("This is filed for children up to the age of %(to)d; %(name)s is %(age)d.")
        return said % {**about, "to": ages.to_age}
    is_for_children = ages.to_age is not None and ages.to_age < FULL_AGE
    if not is_for_children or owner.pk != applicant.pk:
        return ""
    if is_at_counter:
        return _("A child does not file this alone: open the card of the parent or guardian.")
    return _("A child does not file this alone: your parent or guardian files it for you.")
