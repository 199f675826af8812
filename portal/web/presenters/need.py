"""“Do I need this?”: the questions to a visitor, the answer in three, and what registers say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.models import Citizen
from portal.common import clock
from portal.web.presenters.why import is_told, reason_of
from portal.web.presenters.wishes import AnswerTold, QuestionForm, answer_told
from portal.web.templatetags.portal_format import short_date
from procedures.answers import Outcome, outcomes, rules_told
from procedures.definition import ProcedureDefinition
from procedures.definition.stated import answer_stated, asked_of_person
from procedures.enums import Addressee, Answer, SubjectKind
from procedures.models import Procedure, RuleVersion
from procedures.models.catalogue import in_force
from procedures.need import Asked, Because, Need, Said, needed, questions_of
from procedures.rules import add_years
from procedures.selectors.bundle_questions import Spared

# No years of two digits: 20/11/56 would be read as 2056.
_DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")
_FIRST_DAY, _LONGEST_TERM = date(1900, 1, 1), 100  # years
_NO_DAY = gettext_lazy("Please write a day like 20/11/1956.")
_TONES = {Answer.YES: "ok", Answer.LIKELY: "info", Answer.NO: "neutral"}
_EVENTS: Mapping[str, Any] = {
    "credential_lost_or_damaged": gettext_lazy("Is the paper lost or damaged?"),
    "birth_notified": gettext_lazy("Was a child born whose birth is not registered yet?"),
    "birth_registered": gettext_lazy("Was the child's birth registered?"),
    "birth_registered_or_moved": gettext_lazy(
        "Did you move to another home for good, or was a child's birth registered?"
    ),
    "death_notified": gettext_lazy("Has somebody of the family died?"),
    "death_registered": gettext_lazy("Was the death registered already?"),
    "construction_permit_issued": gettext_lazy("May the building be begun?"),
}
_LABELS: Mapping[Asked, Any] = {
    Asked.HOLDS: gettext_lazy("Do you hold this paper already?"),
    Asked.EXPIRES: gettext_lazy("Until which day is it valid?"),
    Asked.BORN: gettext_lazy("Day of birth of the person it is for"),
    Asked.ISSUED: gettext_lazy("On which day was the present card issued?"),
}
_MISSING: Mapping[Asked, Any] = {
    Asked.HOLDS: gettext_lazy("Whether there is such a paper already."),
    Asked.EXPIRES: gettext_lazy("The last day of the paper; it is printed on it."),
    Asked.ISSUED: gettext_lazy(
        "The day on which the present card was issued; it is printed on it."
    ),
    Asked.HAPPENED: gettext_lazy("Whether it happened."),
}
_REASONS: Mapping[Because, Any] = {
    Because.NO_PAPER: gettext_lazy(
        "This renews a paper that one holds. How to get a first one the one-stop shop tells you."
    ),
    Because.EXPIRED: gettext_lazy("The paper ran out on %(day)s."),
    Because.EXPIRES_SOON: gettext_lazy("The paper runs out on %(day)s: now is a good time."),
    Because.EXPIRES_LATER: gettext_lazy(
        "There is time until %(day)s. The portal tells you by then, if you use it."
    ),
    Because.TOO_YOUNG: gettext_lazy("Not before %(day)s."),
    Because.OF_AGE: gettext_lazy("The birthday that counts is %(day)s."),
    Because.FRESH: gettext_lazy(
        "The card was issued so shortly before the birthday of %(day)s that it stays valid."
    ),
    Because.HAS_ONE: gettext_lazy("Whoever has one needs no first one."),
    Because.SCHOOL_YEAR: gettext_lazy("The child turns six this year and starts school."),
    Because.OTHER_YEAR: gettext_lazy("The child starts school in %(year)s."),
    Because.HAPPENED: gettext_lazy("This is the procedure for it."),
    Because.NOTHING: gettext_lazy("It is needed only when that happens."),
}


@dataclass(frozen=True)
class NeedTold:
    """The answer as a notice: tone, title, reason; `url` leads to every condition, may be ""."""

    tone: str
    title: str
    text: str
    url: str = ""


class NeedForm(forms.Form):
    """Two or three questions, each of which may be left open; nothing of them is stored."""

    def __init__(self, definition: ProcedureDefinition, data: Any = None) -> None:
        super().__init__(data)
        for asked in questions_of(definition):
            self.fields[asked] = _question(asked, definition)

    @property
    def said(self) -> Said:
        """What was said; what was left open is None."""
        told = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return Said(**{name: _YES_NO.get(value, value) for name, value in told.items()})


_YES_NO: Mapping[Any, bool] = {"yes": True, "no": False}


def _question(asked: Asked, definition: ProcedureDefinition) -> forms.Field:
    if asked in (Asked.HOLDS, Asked.HAPPENED):
        label = _LABELS.get(asked) or _EVENTS.get(definition.trigger.event or "")
        return forms.ChoiceField(
            label=label or _("Did it happen?"),
            choices=[("yes", _("Yes")), ("no", _("No")), ("", _("I do not know yet"))],
            widget=forms.RadioSelect,
            required=False,
            error_messages={"invalid_choice": _("Please choose from the list.")},
        )
    today = clock.today()
    last_day = add_years(today, _LONGEST_TERM) if asked is Asked.EXPIRES else today
    return forms.DateField(
        label=_LABELS[asked],
        required=False,
        input_formats=_DAYS,
        validators=[MinValueValidator(_FIRST_DAY, _NO_DAY), MaxValueValidator(last_day, _NO_DAY)],
        help_text=_("Day, month and year, like 20/11/1956. Leave it empty if you do not know."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 10}),
        error_messages={"invalid": _NO_DAY},
    )


def form_of(definition: ProcedureDefinition, data: Any = None) -> forms.Form | None:
    """Return the questions to whoever asks; None where only they can know what they want."""
    if definition.exemptions:
        names = [name for one in definition.exemptions for name in asked_of_person(one.conditions)]
        asked = [field for field in definition.form_fields if field.name in names]
        return QuestionForm(asked, data) if asked else None
    return NeedForm(definition, data) if questions_of(definition) else None


def answer_of(
    definition: ProcedureDefinition, form: forms.Form, today: date
) -> NeedTold | AnswerTold:
    """Return what the answers of a valid form come to."""
    if isinstance(form, NeedForm):
        return _told(needed(definition, form.said, today), definition)
    stated = form.stated if isinstance(form, QuestionForm) else {}
    held = [one for one in definition.exemptions if one.holds_on(today)]
    spared = [Spared(definition, one, answer_stated(one.conditions, stated)) for one in held]
    order = [Answer.YES, Answer.LIKELY, Answer.NO]
    return answer_told(min(spared, key=lambda one: order.index(one.answer)), stated)


def _told(need: Need | None, definition: ProcedureDefinition) -> NeedTold:
    if need is None:
        text = _("Too little is known yet. Please answer one question more.")
        return NeedTold("neutral", _("Not known yet"), text)
    title = {
        Answer.YES: _("Yes, you need this"),
        Answer.LIKELY: _("Likely. One fact is missing"),
        Answer.NO: _("No, not now"),
    }[need.answer]
    return NeedTold(_TONES[need.answer], title, _reason(need, definition))


def _reason(need: Need, definition: ProcedureDefinition) -> str:
    day = {"day": short_date(need.day), "year": need.day.year} if need.day else {}
    words = [str(_REASONS[need.because]) % day] if need.because in _REASONS else []
    if need.missing is not None:
        words.append(str(_MISSING[need.missing]))
    elif need.answer == Answer.LIKELY:
        words.append(_("Whether the other conditions hold, the office looks up."))
    if need.because == Because.HAPPENED and (days := definition.trigger.statutory_deadline_days):
        words.append(_("By law it is due within %(days)d days.") % {"days": days})
    return " ".join(words)


_OF_OUTCOME = {
    Outcome.OFFERED: ("ok", gettext_lazy("Yes, and it is prepared for you")),
    Outcome.HANDLED: ("info", gettext_lazy("It is being handled")),
    Outcome.MISSING: ("info", gettext_lazy("Likely. One fact is missing")),
    Outcome.COMING: ("neutral", gettext_lazy("Not yet, it comes by itself")),
    Outcome.NOT: ("neutral", gettext_lazy("No, not now")),
}


def is_told_by_rules(procedure: Procedure, day: date) -> bool:
    """Return whether registers may say of a citizen that they need it: a rule in force is theirs.

    What follows a death is for the family alone, what is a firm's for whoever speaks for it.
    """
    held = RuleVersion.objects.filter(in_force(day), rule__procedure=procedure)
    own = held.filter(definition__subject=SubjectKind.CITIZEN)
    return own.exclude(definition__address=Addressee.FAMILY).exists()


def known_answer(*, procedure: Procedure, citizen: Citizen, day: date) -> NeedTold | None:
    """Return what the registers say of a person; None where no rule is about them."""
    told = rules_told(day=day, among=Q(rule__procedure=procedure))
    shown = [one for one in told if is_told(one)]
    found = outcomes(versions=shown, parties=[citizen.party], day=day)
    if not found:
        return None
    best = min(found, key=lambda one: list(Outcome).index(one.outcome))
    tone, title = _OF_OUTCOME[best.outcome]
    url = reverse("web:why", args=[best.answers.rule_key])
    return NeedTold(tone, str(title), reason_of(best), url)
