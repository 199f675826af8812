"""What a person begins at the counter by their own wish: a house, a business (docs/bundles.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from dossiers.models import CounterVisit
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office.counter_words import either
from procedures.definition import FormField, RuleDefinition
from procedures.definition.stated import NUMBER
from procedures.enums import FieldType
from procedures.models import RuleVersion, Suggestion
from procedures.selectors import bundle_version_in_force
from procedures.selectors.bundle_questions import questions_of, wishes_in_force
from procedures.services.begin_bundle import begin_bundle

_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL)


class WishForm(forms.Form):
    """What only the person can say before it begins; every question may be left open."""

    def __init__(self, key: str, asked: list[FormField], data: Any = None) -> None:
        super().__init__(data, prefix=key)
        for field in asked:
            self.fields[field.name] = _question(field)

    @property
    def stated(self) -> dict[str, str]:
        """What was answered, by the names of the fields."""
        return {name: value for name, value in self.cleaned_data.items() if value}


@dataclass(frozen=True)
class CounterWish:
    """Something that is begun at the counter: the rule's key, its name, and its questions."""

    key: str
    title: str
    form: WishForm


def wishes_at_counter(*, day: date) -> list[CounterWish]:
    """Return what people may begin without being asked."""
    found = []
    for version in wishes_in_force(day=day):
        form = _form(version, day)
        if form is not None:
            rule = RuleDefinition.from_json(version.definition)
            found.append(CounterWish(version.rule.key, either(rule.paper_vi, rule.paper_en), form))
    return found


def begin_at_counter(*, visit: CounterVisit, key: str, data: QueryDict) -> Suggestion:
    """Prepare for the person of the visit what they wish; RefusedError for an answer that is none.

    Http404 for what nobody begins by a wish.
    """
    day = clock.today()
    wanted = (one for one in wishes_in_force(day=day) if one.rule.key == key)
    version = next(wanted, None)
    form = None if version is None else _form(version, day, data)
    if version is None or form is None:
        raise Http404
    if not form.is_valid():
        raise RefusedError(_("Something needs another look"))
    return begin_bundle(
        citizen=visit.applicant, rule_version=version, stated=form.stated, now=clock.now()
    )


def _form(version: RuleVersion, day: date, data: QueryDict | None = None) -> WishForm | None:
    bundle = version.rule.bundle and bundle_version_in_force(bundle=version.rule.bundle, day=day)
    return WishForm(version.rule.key, questions_of(bundle, day=day), data) if bundle else None


def _question(field: FormField) -> forms.Field:
    label = either(field.label_vi, field.label_en)
    if field.choices_vi:
        known = [(choice, choice) for choice in field.choices_vi]
        choices = [("", _("I do not know yet")), *known]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if field.type in _NUMBERS:
        line = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        return forms.RegexField(rf"^(?:{NUMBER})$", label=label, required=False, widget=line)
    return forms.CharField(label=label, required=False, max_length=200)
