"""From a prefill path of the catalogue to a value with its origin."""

from __future__ import annotations

from dataclasses import replace

from citizens.enums import FactTable
from citizens.models import Citizen, ContactPoint
from citizens.selectors import Origin
from portal.common import clock
from portal.common.masking import HIDDEN
from procedures.definition import FormField
from procedures.enums import FieldSource
from procedures.prefill.computed import computed_value
from procedures.prefill.facts import Facts, email_of, phone_of
from procedures.prefill.papers import paper_value, record_value
from procedures.prefill.people import population_value
from procedures.prefill.values import (
    Found,
    address_text,
    from_register,
    person_text,
    stated_text,
)

APPLICANT_GROUP = "applicant"
# `NPD.party` under these names is whichever of the couple the form is about.
_COUPLE = {"wife": "female", "husband": "male"}


def value_of(field: FormField, facts: Facts) -> Found | None:
    """Return the value of a form field, None when nobody knows it or it fits no choice.

    The applicant's block speaks of who files, all other fields of whom the dossier is about.
    """
    person = facts.people["applicant"] if field.group == APPLICANT_GROUP else facts.person
    path = field.prefill or "COMPUTED"
    if path == "NPD.party":
        found = _of_couple(field, facts)
    elif path == "COMPUTED":
        found = computed_value(field, facts)
    else:
        found = find(path, facts, person)
    found = _as_contested(found, facts)
    if found is not None and field.choices_vi and found.value not in field.choices_vi:
        return None
    return found


def find(path: str, facts: Facts, person: Citizen | None) -> Found | None:
    """Return what a path finds, starting from `person` (None: the organisation)."""
    register, *steps = path.split(".")
    if register == "APPLICANT":
        return _applicant(steps, facts)
    if register == "BUS" and facts.organisation is not None:
        return _organisation(steps, facts) or record_value(path, facts, [facts.subject.pk])
    found = paper_value(path, facts, person)
    if found is None and register == "NPD" and steps:
        found = population_value(steps, facts, person)
    return found or record_value(path, facts, _subjects(facts, person))


def _as_contested(found: Found | None, facts: Facts) -> Found | None:
    """Return the applicant's own value where they contest the register's and nobody has decided.

    A number is kept masked in a case, so the register's stays in the form.
    """
    case = facts.contests.get(found.origin) if found and found.origin else None
    if found is None or case is None or not case.stated_value or HIDDEN in case.stated_value:
        return found
    stated = stated_text(case.column, case.stated_value)
    return replace(found, value=stated, source=FieldSource.CONTESTED, held=found.value)


def _subjects(facts: Facts, person: Citizen | None) -> list[int]:
    """Return whose records may answer: the person's, the subject's, then the household's."""
    mine = [facts.subject.pk] if person is None else [person.pk, facts.subject.pk]
    return mine + sorted({member.household_id for member in facts.members})


def _applicant(steps: list[str], facts: Facts) -> Found | None:
    applicant = facts.people["applicant"]
    match steps:
        case []:
            return from_register(person_text(applicant), applicant.register_id, applicant.as_of)
        case ["phone"]:
            return _contact(phone_of(facts))
        case ["email"]:
            return _contact(email_of(facts))
        case _:
            return None


def _contact(point: ContactPoint | None) -> Found | None:
    if point is None or point.verified_at is None:
        return None
    return Found(point.value, FieldSource.APPLICANT, None, clock.civil_date(point.verified_at))


def _organisation(steps: list[str], facts: Facts) -> Found | None:
    organisation = facts.organisation
    if organisation is None:
        return None
    representative = facts.people.get("representative")
    values = {
        "name": organisation.name,
        "tax_code": organisation.tax_code,
        "address": address_text(organisation.address, organisation.unit),
        "representative": person_text(representative) if representative else None,
    }
    value = values.get(steps[0]) if len(steps) == 1 else None
    is_stored = steps != ["representative"]
    origin = Origin(FactTable.ORGANISATION, organisation.pk, steps[0]) if is_stored else None
    return from_register(value, organisation.register_id, organisation.as_of, origin)


def _of_couple(field: FormField, facts: Facts) -> Found | None:
    person = facts.person
    if person is None or person.gender != _COUPLE.get(field.name):
        return None
    return from_register(person_text(person), person.register_id, person.as_of)
