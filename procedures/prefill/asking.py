"""The form that asks only what nobody knows yet, for citizens' pages and for the counter.

The widget follows the type of the field; whether an answer is acceptable is decided by
`dossiers.services` when it is filed, and its sentences are laid beside the fields here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from procedures.enums import FieldType
from procedures.prefill.form import Filled, Form

FEW = 6
_INPUTS: Mapping[str, tuple[str, dict[str, str]]] = {
    FieldType.DATE: ("date", {}),
    FieldType.DATETIME: ("datetime-local", {}),
    FieldType.INTEGER: ("text", {"inputmode": "numeric"}),
    FieldType.COUNT: ("text", {"inputmode": "numeric"}),
    FieldType.MONEY: ("text", {"inputmode": "numeric"}),
    FieldType.DECIMAL: ("text", {"inputmode": "decimal"}),
    FieldType.PIN12: ("text", {"inputmode": "numeric", "autocomplete": "off"}),
    FieldType.TAX_CODE: ("text", {"autocomplete": "off"}),
    FieldType.PHONE: ("tel", {"autocomplete": "tel"}),
    FieldType.EMAIL: ("email", {"autocomplete": "email"}),
}


def asked_of(form: Form) -> list[Filled]:
    """Return what nobody knows: what must be answered, then what may be."""
    may_be = [
        field
        for field in form.fitting({}).fields
        if not field.required and not field.value and field.type != FieldType.IMAGE
    ]
    return [*form.missing, *may_be]


class MissingForm(forms.Form):
    """Asks the fields that nobody knows; `answers` are texts as the services take them.

    A field that the procedure does not require may be left empty. `stated` is what the person
    answered before, by the names of the fields.
    """

    def __init__(
        self,
        missing: Sequence[Filled],
        data: Any = None,
        *,
        stated: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(stated or {}))
        if not self.is_bound:
            self.cleaned_data = {}  # so that something can be said of what was stated before
        for filled in missing:
            self.fields[filled.name] = _field(filled)
            if filled.type == FieldType.MULTICHOICE and filled.name in self.initial:
                self.initial[filled.name] = self.initial[filled.name].splitlines()

    @property
    def has_wrong_more(self) -> bool:
        """Whether something is wrong with an answer that need not be given."""
        return any(not self.fields[name].required for name in self.errors if name in self.fields)

    @property
    def answers(self) -> dict[str, str]:
        """The answers that fit their questions, by the names of the fields."""
        return {
            name: "\n".join(value) if isinstance(value, list) else str(value)
            for name, value in self.cleaned_data.items()
        }

    def lay_beside(self, faults: Mapping[str, str]) -> None:
        """Put the services' sentences beside their fields, others above the form."""
        for name, sentence in faults.items():
            if name in self.errors:
                continue  # one sentence a question is enough
            if name in self.fields:
                self.add_error(name, _without_label(sentence, str(self.fields[name].label)))
            else:
                self.add_error(None, sentence)


def _without_label(sentence: str, label: str) -> str:
    """Drop the field's name in front, since it already stands beside the sentence."""
    rest = sentence.removeprefix(f"{label}: ")
    return rest[:1].upper() + rest[1:]


def _field(filled: Filled) -> forms.Field:
    is_english = (get_language() or "vi").startswith("en")
    label = filled.label_en if is_english else filled.label_vi
    errors = {
        "required": _("Please answer this."),
        "invalid_choice": _("Please choose from the list."),
    }
    hint = (filled.hint_en if is_english else "") or filled.hint_vi
    words = filled.english if is_english else {}
    choices = [(choice, words.get(choice, choice)) for choice in filled.choices]
    must = filled.required
    match filled.type:
        case FieldType.MULTICHOICE:
            return forms.MultipleChoiceField(
                label=label,
                choices=choices,
                required=must,
                widget=forms.CheckboxSelectMultiple,
                error_messages=errors,
            )
        case FieldType.BOOLEAN:
            return _one_of(label, [("true", _("Yes")), ("false", _("No"))], errors, must)
        case FieldType.AGENCY if choices and must:  # the office of one's own place stands first
            return _one_of(label, choices, errors, must, initial=choices[0][0])
        case _ if choices:
            return _one_of(label, choices, errors, must)
    return forms.CharField(
        label=label,
        max_length=500,
        required=must,
        widget=_widget(filled.type),
        help_text=hint or _hint(filled.type),
        error_messages=errors,
    )


def _hint(kind: str) -> str:
    """Return how an answer of this kind is written, "" where nobody has to be told."""
    match kind:
        case FieldType.LIST:
            return _("One on each line.")
        case FieldType.TAX_CODE:
            return _("10 digits, 13 with a branch (-001), or the 12 of a person.")
        case FieldType.INDUSTRIES:
            return _("One on each line: the code of four digits, then the name.")
    return ""


def _widget(kind: str) -> forms.Widget:
    if kind in (FieldType.LIST, FieldType.GROUP, FieldType.INDUSTRIES):
        return forms.Textarea(attrs={"rows": 3})
    told, attributes = _INPUTS.get(kind, ("text", {}))
    widget = forms.TextInput(attrs=attributes)
    widget.input_type = told
    return widget


def _one_of(
    label: str,
    choices: list[tuple[str, str]],
    errors: dict[str, Any],
    must: bool,
    initial: str = "",
) -> forms.ChoiceField:
    """Return a choice: all in sight where they are few, else a list that opens."""
    if must and len(choices) <= FEW:
        return forms.ChoiceField(
            label=label,
            choices=choices,
            widget=forms.RadioSelect,
            error_messages=errors,
            initial=initial,
        )
    opened = [("", _("Please choose")), *choices]
    return forms.ChoiceField(
        label=label, choices=opened, required=must, error_messages=errors, initial=initial
    )
