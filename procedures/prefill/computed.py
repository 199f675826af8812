"""Values that truly follow from what is known; whatever would be a guess is asked instead."""

from __future__ import annotations

from citizens.enums import LifeEventKind
from procedures.definition import FormField
from procedures.enums import TriggerKind
from procedures.prefill.facts import Facts
from procedures.prefill.papers import paper_value
from procedures.prefill.people import joining_child
from procedures.prefill.values import NATIONALITY_VI, Found, computed
from procedures.prefill.words import date_in_words

CITIZEN_VI, COMPANY_VI, HOUSEHOLD_BUSINESS_VI = "Công dân", "Doanh nghiệp", "Hộ kinh doanh"
# Words of the forms for why somebody files, by what made the portal suggest it.
_EXPIRING = ("Sắp hết hạn", "Thẻ hết hạn", "Cấp lại do hết hạn")
_EXPIRED = ("Hết hạn", "Thẻ hết hạn", "Cấp lại do hết hạn")
_CARD_AGE = ("Đến tuổi đổi thẻ",)
_REASONS = ("reason", "request_content")
CHILDS_RESIDENCE_VI = "Đăng ký thường trú cho con theo nơi thường trú của cha, mẹ"
_PARENTS_VI = {"father": "Cha", "mother": "Mẹ"}
_HOUSEHOLD_TAX_CODE = 12  # since 2025-07 a household business is taxed under its owner's number


def computed_value(field: FormField, facts: Facts) -> Found | None:
    """Return the value of a field that follows from the matter itself, None when it does not."""
    value: str | None = None
    if field.name == "is_owner":
        value = "true" if facts.applicant.pk == facts.subject.pk else "false"
    elif field.name == "subject_kind":
        value = _subject_kind(facts)
    elif field.name in _REASONS:
        words = (*_reasons(facts), *_only_choice(field))
        value = next((word for word in words if word in field.choices_vi), None)
    elif field.name == "child_nationality":
        value = _child_nationality(facts)
    elif field.name == "child_birth_date_words":
        value = _birth_in_words(facts)
    elif field.name == "request":
        value = _request(facts)
    elif field.name == "relation":
        value = _relation_to_child(facts)
    return None if value is None else computed(value)


def _request(facts: Facts) -> str | None:
    """Return what residence is asked for a child that joins its parents' household."""
    is_childs = facts.is_of_newborn or joining_child(facts) is not None
    return CHILDS_RESIDENCE_VI if is_childs else None


def _birth_in_words(facts: Facts) -> str | None:
    """Return the day of a notified birth in words."""
    is_birth = facts.event is not None and facts.event.kind == LifeEventKind.BIRTH_NOTIFIED
    return date_in_words(facts.event.occurred_on) if is_birth and facts.event else None


def _relation_to_child(facts: Facts) -> str | None:
    """Return what the applicant is to the child of a notified birth, as the notice names them."""
    for part, word in _PARENTS_VI.items():
        parent = facts.people.get(part)
        if facts.event is not None and parent is not None and parent.pk == facts.applicant.pk:
            return word
    return None


def _subject_kind(facts: Facts) -> str | None:
    if facts.person is not None:
        return CITIZEN_VI
    if facts.organisation is None:
        return None
    is_household = len(facts.organisation.tax_code) == _HOUSEHOLD_TAX_CODE
    return HOUSEHOLD_BUSINESS_VI if is_household else COMPANY_VI


def _reasons(facts: Facts) -> tuple[str, ...]:
    if facts.suggestion is None:
        return ()
    if facts.trigger == TriggerKind.CREDENTIAL_EXPIRY:
        return _EXPIRING if facts.day <= facts.suggestion.due_on else _EXPIRED
    has_card = paper_value("NPD.card", facts, facts.person) is not None
    is_milestone = facts.trigger == TriggerKind.AGE_MILESTONE
    return _CARD_AGE if is_milestone and has_card else ()


def _only_choice(field: FormField) -> tuple[str, ...]:
    """A procedure that knows one reason only (a first card) leaves nothing to ask."""
    return field.choices_vi if len(field.choices_vi) == 1 else ()


def _child_nationality(facts: Facts) -> str | None:
    """A child of two Vietnamese citizens is Vietnamese (Luật 24/2008/QH12, Điều 15)."""
    parents = [facts.people.get(part) for part in ("father", "mother")]
    known = all(parent is not None and parent.pin_index is not None for parent in parents)
    return NATIONALITY_VI if known else None
