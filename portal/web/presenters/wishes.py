"""What people begin themselves: a few plain questions, the answer, and its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.web.presenters.language import either
from procedures.definition import FormField, RuleDefinition
from procedures.definition.conditions import Leaf
from procedures.definition.laws import laws_text
from procedures.definition.sentences import leaf_in_words
from procedures.definition.stated import NUMBER, Reason
from procedures.enums import Answer, FieldType
from procedures.models import RuleVersion
from procedures.selectors.bundle_questions import Spared

_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL)
_MARKS = {True: ("check", "ok"), False: ("late", "late"), None: ("info", "info")}
_TONES = {Answer.YES: "ok", Answer.LIKELY: "info", Answer.NO: "neutral"}


@dataclass(frozen=True)
class Wish:
    """One thing that a person may begin: its name, a sentence, and its page."""

    title: str
    told: str
    url: str


def wish_of(version: RuleVersion) -> Wish:
    """Return what stands on the list of wishes."""
    rule = RuleDefinition.from_json(version.definition)
    return Wish(
        title=either(rule.paper_vi, rule.paper_en),
        told=either(rule.reason_vi, rule.reason_en),
        url=reverse("web:wish", args=[version.rule.key]),
    )


class QuestionForm(forms.Form):
    """A few questions, each of which may be left open: “I do not know yet”."""

    def __init__(self, asked: Sequence[FormField], data: Any = None) -> None:
        super().__init__(data)
        for field in asked:
            self.fields[field.name] = _question(field)

    @property
    def stated(self) -> dict[str, str]:
        """What was answered, by the names of the fields; open questions are not in it."""
        return {name: value for name, value in self.cleaned_data.items() if value}


def _question(field: FormField) -> forms.Field:
    label = either(field.label_vi, field.label_en)
    if field.choices_vi:
        known = [(one, either(one, field.english.get(one, ""))) for one in field.choices_vi]
        return forms.ChoiceField(
            label=label,
            choices=[*known, ("", _("I do not know yet"))],
            widget=forms.RadioSelect,
            required=False,
            error_messages={"invalid_choice": _("Please choose from the list.")},
        )
    if field.type in _NUMBERS:
        return forms.RegexField(
            rf"^(?:{NUMBER})$",
            label=label,
            required=False,
            help_text=_("Leave it empty if you do not know yet."),
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages={"invalid": _("Please write a number.")},
        )
    return forms.CharField(label=label, required=False, max_length=200)


@dataclass(frozen=True)
class ReasonLine:
    """One fact of an answer: what was stated, what would have to hold, and its mark."""

    label: str
    stated: str
    wanted: str
    icon: str
    tone: str


@dataclass(frozen=True)
class AnswerTold:
    """Whether a step is spared, with every reason; `laws` may be ""."""

    title: str
    text: str
    tone: str
    case: str
    laws: str
    reasons: list[ReasonLine]


def answer_told(spared: Spared, stated: Mapping[str, str]) -> AnswerTold:
    """Return the answer in plain words: yes, likely or no, and why."""
    name = {"step": either(spared.procedure.name_vi, spared.procedure.name_en)}
    labels = {one.name: either(one.label_vi, one.label_en) for one in spared.procedure.form_fields}
    title, text = _said(spared, labels)
    return AnswerTold(
        title=title % name,
        text=text,
        tone=_TONES[spared.answer],
        case=either(spared.exemption.name_vi, spared.exemption.name_en),
        laws=laws_text(spared.exemption.legal_basis),
        reasons=[_line(one, labels, stated) for one in spared.stated.reasons],
    )


def _said(spared: Spared, labels: Mapping[str, str]) -> tuple[str, str]:
    open_facts = [_label(one.leaf, labels) for one in spared.stated.reasons if one.holds is None]
    if spared.answer == Answer.YES:
        return (
            _("Not needed for you: %(step)s"),
            _("By what you say the law spares you this step. The authority may check it."),
        )
    if spared.answer == Answer.LIKELY:
        told = _("One fact is missing: %(fact)s. Answer it above, or ask the People's Committee.")
        return _("Perhaps not needed: %(step)s"), told % {"fact": ", ".join(open_facts)}
    if all(one.is_met is not False for one in spared.stated.reasons):
        words = ngettext(
            "%(n)d question is still open, so nothing can be said yet.",
            "%(n)d questions are still open, so nothing can be said yet.",
            len(open_facts),
        )
        return _("Not known yet: %(step)s"), words % {"n": len(open_facts)}
    return _("You need this first: %(step)s"), _("What you say is not among the exempted cases.")


def _line(reason: Reason, labels: Mapping[str, str], stated: Mapping[str, str]) -> ReasonLine:
    icon, tone = _MARKS[reason.is_met]
    value = stated.get(str(reason.leaf.params.get("field", "")), "")
    return ReasonLine(
        label=_label(reason.leaf, labels),
        stated=value or _("not stated yet"),
        wanted=_wanted(reason),
        icon=icon,
        tone=tone,
    )


def _label(leaf: Leaf, labels: Mapping[str, str]) -> str:
    told = leaf_in_words(leaf)
    return labels.get(str(leaf.params.get("field", "")), either(told.vi, told.en))


def _wanted(reason: Reason) -> str:
    """Return what would have to hold for a yes: "nhiều nhất 6"."""
    told = [_compared(name, value) for name, value in reason.leaf.params.items()]
    words = " · ".join(one for one in told if one)
    return words if reason.wanted or not words else _("not “%(value)s”") % {"value": words}


def _compared(name: str, value: Any) -> str:
    match name:
        case "equals":
            return str(value)
        case "in":
            return ", ".join(map(str, value))
        case "min":
            return _("at least %(value)s") % {"value": value}
        case "max":
            return _("at most %(value)s") % {"value": value}
        case _:
            return ""
