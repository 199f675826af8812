"""What rules answer about a person, in an official's words: outcomes, conditions, who is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from unicodedata import normalize

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.common import clock
from portal.office.register_words import in_language
from portal.office.why_people import Asked
from procedures.answers import (
    FactAnswers,
    Line,
    Outcome,
    RuleOutcome,
    asked_in_words,
    reason_in_words,
)
from procedures.definition import RuleDefinition
from procedures.definition.rule_sentences import rule_in_sentences
from procedures.enums import SubjectKind, SuggestionState
from procedures.models import RuleVersion
from procedures.models.suggestions import SUGGESTION_STATES
from procedures.selectors.known_codes import known_codes


@dataclass(frozen=True, slots=True)
class Sign:
    """A badge: its words, its tone and its icon."""

    words: Any
    tone: str
    icon: str


_SIGNS: Mapping[Outcome, Sign] = {
    Outcome.OFFERED: Sign(gettext_lazy("Offered"), "on_time", "check_circle"),
    Outcome.HANDLED: Sign(gettext_lazy("Being handled"), "paused", "pending"),
    Outcome.MISSING: Sign(gettext_lazy("One fact is missing"), "soon", "help"),
    Outcome.COMING: Sign(gettext_lazy("Coming"), "paused", "event"),
    Outcome.NOT: Sign(gettext_lazy("Not offered"), "none", "do_not_disturb_on"),
}
_HIDDEN = Sign(gettext_lazy("Hidden"), "none", "visibility_off")
_ANSWERS: Mapping[bool | None, Sign] = {
    True: Sign(gettext_lazy("Met"), "on_time", "check_circle"),
    None: Sign(gettext_lazy("Fact is missing"), "soon", "help"),
    False: Sign(gettext_lazy("Not met"), "late", "cancel"),
}
_GROUPS = (
    (gettext_lazy("Offered now"), (Outcome.OFFERED, Outcome.HANDLED)),
    (gettext_lazy("Waits for one fact"), (Outcome.MISSING,)),
    (gettext_lazy("Coming"), (Outcome.COMING,)),
    (gettext_lazy("Not offered"), (Outcome.NOT,)),
)


@dataclass(frozen=True, slots=True)
class Named:
    """A version of a rule as people call it."""

    version: RuleVersion
    definition: RuleDefinition

    @property
    def key(self) -> str:
        """The rule's key."""
        return self.version.rule.key

    @property
    def name(self) -> str:
        """What the rule offers or watches."""
        return in_language(self.definition.paper_vi, self.definition.paper_en) or self.key

    @property
    def is_of_household(self) -> bool:
        """Whether it is about the household, not the person."""
        return self.definition.subject == SubjectKind.HOUSEHOLD


def in_words(version: RuleVersion) -> Named:
    """Return a version with its definition read."""
    return Named(version, RuleDefinition.from_json(version.definition))


@dataclass(frozen=True, slots=True)
class ListedRule:
    """A line of the list: a rule, what it comes to, when, and why."""

    rule: Named
    url: str
    sign: Sign
    due_on: date | None
    reason: str


def grouped(
    found: Iterable[RuleOutcome], asked: Asked, hidden: Collection[int]
) -> list[tuple[Any, list[ListedRule]]]:
    """Return the rules by what they come to; of the `hidden` versions nothing is said."""
    rows: dict[Any, list[ListedRule]] = {title: [] for title, _outcomes in _GROUPS}
    closed: list[ListedRule] = []
    wishes: list[ListedRule] = []
    titles = {outcome: title for title, several in _GROUPS for outcome in several}
    for one in found:
        if one.answers.version.pk in hidden:
            closed.append(_closed(one, asked))
        elif not one.answers.definition.is_scanned:
            wishes.append(_listed(one, asked))
        else:
            rows[titles[one.outcome]].append(_listed(one, asked))
    groups = [(title, _by_date(listed)) for title, listed in rows.items()]
    return [
        *groups,
        (_("Only at a person's own wish"), wishes),
        (_("Hidden: tells of poverty or health"), closed),
    ]


def _by_date(rows: list[ListedRule]) -> list[ListedRule]:
    return sorted(rows, key=lambda row: (row.due_on or date.max, _alphabetical(row.rule.name)))


def _alphabetical(name: str) -> str:
    """Return what names are ordered by: letters before their marks, Đ after D."""
    return normalize("NFD", name.replace("Đ", "D\u0335").casefold())


def _url(asked: Asked, key: str) -> str:
    return reverse("admin:office_why_rule", args=[asked.party.public_id, key])


def _closed(one: RuleOutcome, asked: Asked) -> ListedRule:
    rule = Named(one.answers.version, one.answers.definition)
    return ListedRule(rule, _url(asked, rule.key), _HIDDEN, None, "")


def _listed(one: RuleOutcome, asked: Asked) -> ListedRule:
    rule = Named(one.answers.version, one.answers.definition)
    due_on = one.fact.due_on if one.fact else None
    return ListedRule(rule, _url(asked, rule.key), _SIGNS[one.outcome], due_on, reason_told(one))


def reason_told(one: RuleOutcome) -> str:
    """Return in one sentence why a rule comes to what it comes to."""
    if one.reason is not None:
        words = reason_in_words(one.reason)
        return in_language(words.vi, words.en)
    if one.fact is None:
        return ""
    if one.outcome is Outcome.COMING:
        return _("All conditions are met; told from %(day)s on") % {"day": _day(one.fact.opens_on)}
    if one.outcome is Outcome.OFFERED and one.state not in _WAITING:
        return _("All conditions are met; the next scan offers it")
    return _state_told(one.state)


_WAITING = (SuggestionState.OPEN, SuggestionState.SNOOZED)


def _state_told(state: SuggestionState | None) -> str:
    if state is None:
        return ""
    words = {
        SuggestionState.OPEN: _("Waits for the person's answer"),
        SuggestionState.SNOOZED: _("The person put it off"),
        SuggestionState.ACCEPTED: _("A dossier about it is being handled"),
        SuggestionState.DISMISSED: _("The person answered that it is not needed"),
        SuggestionState.FULFILLED: _("It is done"),
    }
    return words.get(state, str(dict(SUGGESTION_STATES)[state]))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One condition: what it asks, its answer as a badge and a sentence, and the data used."""

    asks: str
    sign: Sign
    data: str
    is_in_the_way: bool


@dataclass(frozen=True, slots=True)
class ToldFact:
    """One fact of the rule: its dates, its conditions, and who is told."""

    due_on: date
    opens_on: date
    state: str
    general: list[ToldLine]
    own: list[ToldLine]
    named: list[str]
    unnamed: str


@dataclass(frozen=True, slots=True)
class RulePage:
    """The page of one rule for one person; `people` are those whom it names beside that person."""

    rule: Named
    sentences: list[str]
    legal_basis: tuple[str, ...]
    sign: Sign
    verdict: str
    of_rule: list[ToldLine]
    nothing: list[ToldLine]
    facts: list[ToldFact]
    people: tuple[int, ...]


def rule_page(
    version: RuleVersion, found: RuleOutcome | None, asked: Asked, names: Mapping[int, str]
) -> RulePage:
    """Return the page; without `found` only what the rule says, nothing about the person."""
    rule = in_words(version)
    codes = known_codes(day=clock.today()).names
    sentences = [in_language(one.vi, one.en) for one in rule_in_sentences(rule.definition, codes)]
    basis = rule.definition.legal_basis
    if found is None:
        return RulePage(rule, sentences, basis, _HIDDEN, "", [], [], [], ())
    answers = found.answers
    return RulePage(
        rule,
        sentences,
        basis,
        _SIGNS[found.outcome],
        reason_told(found),
        _lines(answers.lines, ()),
        _lines(answers.nothing, answers.nothing),
        [_fact(fact, names) for fact in answers.facts],
        tuple(names),
    )


def _fact(fact: FactAnswers, names: Mapping[int, str]) -> ToldFact:
    named = [names[person] for person in fact.recipients if person in names]
    others = len(fact.recipients) - len(named)
    words = ngettext("%(n)d person elsewhere", "%(n)d people elsewhere", others)
    state = SuggestionState(fact.state) if fact.state else None
    return ToldFact(
        fact.due_on,
        fact.opens_on,
        _state_told(state),
        _lines([line for line in fact.lines if not line.path], fact.in_the_way),
        _lines([line for line in fact.lines if line.path], fact.in_the_way),
        named,
        words % {"n": others} if others else "",
    )


def _lines(lines: Sequence[Line], in_the_way: Sequence[Line]) -> list[ToldLine]:
    return [_line(line, is_in_the_way=line in in_the_way) for line in lines]


def _line(line: Line, *, is_in_the_way: bool) -> ToldLine:
    asks = asked_in_words(line)
    return ToldLine(
        in_language(asks.vi, asks.en),
        _ANSWERS[line.is_met],
        in_language(line.data.vi, line.data.en),
        is_in_the_way,
    )
