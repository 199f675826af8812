"""Merge what registers know with what the citizen answered into the copy that is filed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dossiers.rules import AnswerError, Fault, check_to_come, read_answer
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.enums import FieldSource, FieldType
from procedures.prefill import Filled, Form

ANSWERED = "citizen"
"""The source of a value that the citizen typed or chose (others: `FieldSource`)."""

LONGEST_KEPT = 2000  # characters of an answer that is too long to be filed

# What is held in a register is contested on a page of its own, never overwritten by the form.
_OF_REGISTERS = (FieldSource.REGISTER, FieldSource.CONTESTED)
# A picture is handed in as a paper of the dossier, never typed into a field.
_NOT_TYPED = (FieldType.IMAGE,)


class AnswersRefusedError(RefusedError):
    """A form that cannot be filed yet; `faults` maps each field's name to a sentence for it."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        """Keep the sentences in the order of the form."""
        super().__init__(*faults.values())
        self.faults = dict(faults)


def freeze_form(*, form: Form, answers: Mapping[str, str]) -> dict[str, Any]:
    """Return the document that a dossier keeps; AnswersRefusedError names every field at fault.

    A register's value is never overwritten by what a browser sends; answers to fields that the form
    does not have, or that other answers make needless, are ignored. Empty optional fields are left
    out.
    """
    frozen: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for field in form.fitting(answers).fields:
        try:
            entry = _entry(field, answers.get(field.name, ""))
        except AnswerError as error:
            faults[field.name] = _sentence(field, error.fault)
        else:
            if entry is not None:
                frozen[field.name] = entry
    if faults:
        raise AnswersRefusedError(faults)
    return frozen


def typed_answers(*, fields: Iterable[Filled], answers: Mapping[str, str]) -> dict[str, str]:
    """Return what a draft keeps: acceptable answers as they are stored, others as they were typed.

    What a register knows is not typed, and not kept.
    """
    kept: dict[str, str] = {}
    for field in fields:
        typed = answers.get(field.name, "")
        try:
            answer = _answer(field, typed)
        except AnswerError:
            answer = _readable(typed)
        if answer:
            kept[field.name] = answer
    return kept


def refused_answers(*, fields: Iterable[Filled], answers: Mapping[str, str]) -> dict[str, str]:
    """Return a sentence for each answer that was typed and cannot be filed, by field names."""
    faults: dict[str, str] = {}
    for field in fields:
        try:
            _answer(field, answers.get(field.name, ""))
        except AnswerError as error:
            faults[field.name] = _sentence(field, error.fault)
    return faults


def _readable(typed: str) -> str:
    """Return what was typed without control characters, as much of it as a draft keeps."""
    kept = (char for char in typed if char in "\r\n\t" or unicodedata.category(char) != "Cc")
    return "".join(kept).strip()[:LONGEST_KEPT]


def _entry(field: Filled, text: str) -> dict[str, Any] | None:
    answer = _answer(field, text)
    if answer and answer != field.value:
        return _filed(answer, ANSWERED, None, None)
    if field.value:
        as_of = None if field.as_of is None else field.as_of.isoformat()
        held = {"held": field.held} if field.source == FieldSource.CONTESTED else {}
        return _filed(field.value, field.source, field.register, as_of) | held
    if field.required and field.type not in _NOT_TYPED:
        raise AnswerError(Fault.MISSING)
    return None


def _answer(field: Filled, text: str) -> str:
    if field.source in _OF_REGISTERS or field.type in _NOT_TYPED:
        return ""
    answer = read_answer(FieldType(field.type), text, field.choices)
    check_to_come(field.name, answer, clock.today())
    return answer


def _filed(
    value: str, source: str, register: str | None, as_of: str | None
) -> dict[str, str | bool | None]:
    return {
        "value": value,
        "source": str(source),
        "register": register,
        "as_of": as_of,
        "confirmed": True,
    }


def _sentence(field: Filled, fault: Fault) -> str:
    sentences = {
        Fault.MISSING: _("%(field)s: please answer this."),
        Fault.TOO_LONG: _("%(field)s: the answer is too long."),
        Fault.NOT_TEXT: _("%(field)s: the answer contains characters that cannot be stored."),
        Fault.NOT_A_CHOICE: _("%(field)s: please choose from the list."),
        Fault.NOT_A_DATE: _("%(field)s: please write a date such as 31/12/2026."),
        Fault.NOT_A_NUMBER: _("%(field)s: please write a number."),
        Fault.NOT_A_COUNT: _("%(field)s: please write a number from 1 to 99."),
        Fault.NOT_YES_OR_NO: _("%(field)s: please answer yes or no."),
        Fault.NOT_A_PIN: _("%(field)s: the personal number has 12 digits."),
        Fault.NOT_A_TAX_CODE: _(
            "%(field)s: a tax code has 10 digits, 13 with a branch, or the 12 of a person."
        ),
        Fault.NOT_INDUSTRIES: _(
            "%(field)s: on each line please write a code of four digits, then the name."
        ),
        Fault.NOT_A_PHONE: _("%(field)s: please write a telephone number such as 0905 123 456."),
        Fault.NOT_AN_EMAIL: _("%(field)s: please write an e-mail address."),
        Fault.PAST: _("%(field)s: this day has passed; please choose one that is to come."),
    }
    english = (get_language() or "vi").startswith("en")
    return sentences[fault] % {"field": field.label_en if english else field.label_vi}
