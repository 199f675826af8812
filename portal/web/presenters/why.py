"""Why me, why not, in plain words: each condition, the data used, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from django.urls import reverse
from django.utils.translation import gettext as _

from citizens.models import Citizen, Party
from citizens.selectors import name_of
from portal.web.presenters.doubts import Doubts
from portal.web.presenters.language import either
from portal.web.presenters.why_ways import Way, way_out
from portal.web.templatetags.portal_format import vi_date
from procedures.answers import (
    Line,
    Outcome,
    RuleOutcome,
    asked_in_words,
    reason_in_words,
    with_origins,
)
from procedures.definition import RuleDefinition
from procedures.definition.rule_sentences import rule_in_sentences
from procedures.enums import Addressee, SuggestionState
from procedures.models import RuleVersion, Suggestion

# Asked of the rule or of the way to a person, not of the person: no matter of theirs.
_HOUSE = ("quota", "in_share")
# Whom a rule tells, and when; what it asks besides stands among the conditions.
_SENTENCES = 2
# Groups whose heading is the whole reason.
_SAID_ALREADY = ("paper", "wish", "more")


@dataclass(frozen=True)
class Condition:
    """One condition: its answer as a badge, what it asks, the data used, the way to object."""

    tone: str
    icon: str
    word: str
    asks: str
    data: str
    dispute_url: str = ""
    note: str = ""


@dataclass(frozen=True)
class WhyLine:
    """A line of the list: a service, when or why not, and the page that says more."""

    title: str
    about: str
    text: str
    url: str


@dataclass(frozen=True)
class WhyGroup:
    """Lines with a heading; `is_long` ones are unfolded on demand."""

    title: str
    text: str
    lines: list[WhyLine]
    is_long: bool = False


@dataclass(frozen=True)
class WhyPage:
    """The page of one service: what it comes to, why, what would change it, each condition."""

    title: str
    about: str
    tone: str
    icon: str
    state: str
    reason: str
    meaning: list[str]
    way: Way
    conditions: list[Condition]
    suggestion_url: str


def is_told(version: RuleVersion) -> bool:
    """Return whether citizens read of a rule here: what follows a death is for the family alone."""
    return bool(version.definition.get("address") != Addressee.FAMILY)


def conditions_of(
    lines: Iterable[Line], doubts: Doubts | None, *, shows_data: bool = True
) -> list[Condition]:
    """Return conditions in words; without `shows_data` only how they were answered."""
    told = [line for line in lines if line.key not in _HOUSE]
    return [_condition(line, doubts, shows_data=shows_data) for line in told]


def _condition(line: Line, doubts: Doubts | None, *, shows_data: bool) -> Condition:
    asks = asked_in_words(line)
    tone, icon, word = _answer(line.is_met)
    return Condition(
        tone=tone,
        icon=icon,
        word=word,
        asks=either(asks.vi, asks.en),
        data=either(line.data.vi, line.data.en) if shows_data else "",
        dispute_url=doubts.url(line.origin) if doubts else "",
        note=doubts.note(line.origin) if doubts else "",
    )


def _answer(is_met: bool | None) -> tuple[str, str, str]:
    if is_met is None:
        return "soon", "help", _("Not known")
    return ("ok", "done", _("Fits")) if is_met else ("neutral", "cross", _("Does not fit"))


def lines_of(found: RuleOutcome) -> tuple[Line, ...]:
    """Return the conditions of the fact that decided, else why there is none."""
    answers = found.answers
    wrong = tuple(line for line in answers.lines if line.is_met is False)
    if found.fact is None:
        return (*wrong, *answers.nothing)
    own = with_origins(found.fact, definition=answers.definition, party=found.party)
    return (*wrong, *own)


def title_of(definition: RuleDefinition) -> str:
    """Return what a rule offers or watches."""
    return either(definition.paper_vi, definition.paper_en)


def about_of(party: Party, citizen: Citizen) -> str:
    """Return the name of somebody else or of the household, "" for the person."""
    return "" if party.pk == citizen.pk else name_of(party)


def reason_of(found: RuleOutcome) -> str:
    """Return in one sentence why a rule comes to what it comes to."""
    if found.reason is not None:
        words = reason_in_words(found.reason)
        return f"{either(words.vi, words.en)}."
    if found.fact is None:
        return ""
    if found.outcome is Outcome.COMING:
        day = {"day": vi_date(found.fact.opens_on)}
        return _("The portal prepares it from %(day)s on.") % day
    told = {
        SuggestionState.ACCEPTED: _("A dossier about it is being handled."),
        SuggestionState.DISMISSED: _("It was answered that this is not needed."),
        SuggestionState.FULFILLED: _("This is done."),
    }
    return told.get(found.state or SuggestionState.OPEN, _("All conditions are met."))


def groups_of(
    found: Sequence[RuleOutcome], citizen: Citizen, hidden: Iterable[int], query: str
) -> list[WhyGroup]:
    """Return what rules come to by what the person may do about it; `query` ends the addresses.

    Of rules in `hidden` (their versions) the list gives no reason: poverty stands in no list.
    """
    closed = set(hidden)
    by_group: dict[str, list[WhyLine]] = {}
    for one in found:
        name = "more" if one.answers.version.pk in closed else _group(one)
        text = "" if name in _SAID_ALREADY else reason_of(one)
        by_group.setdefault(name, []).append(_line(one, citizen, query, text))
    headings = _headings()
    return [
        WhyGroup(title, text, sorted(by_group[name], key=_alphabetical), is_long)
        for name, (title, text, is_long) in headings.items()
        if name in by_group
    ]


def _group(one: RuleOutcome) -> str:
    if one.outcome is not Outcome.NOT:
        return str(one.outcome)
    reason = one.reason
    key = reason.key if reason is not None else "ended"
    if key == "paper" and reason is not None and reason.origin is not None:
        return "condition"
    return {
        "paper": "paper",
        "birthday": "age",
        "fresh_card": "age",
        "event": "event",
        "scanned": "wish",
    }.get(key, "condition")


def _headings() -> Mapping[str, tuple[str, str, bool]]:
    return {
        "missing": (_("Waits for one fact"), "", False),
        "offered": (_("Offered to you now"), "", False),
        "handled": (_("Being handled"), "", False),
        "coming": (_("Coming by itself"), "", False),
        "condition": (_("Does not apply"), "", False),
        "paper": (_("Because no such paper of yours is on record"), "", True),
        "age": (_("Because no birthday that counts is near"), "", True),
        "event": (_("Because no such event is on record"), "", True),
        "more": (_("About your means"), _("Open one to read what it depends on."), True),
        "wish": (
            _("Only when you wish it"),
            _("The portal cannot know when you want these."),
            True,
        ),
    }


def _line(one: RuleOutcome, citizen: Citizen, query: str, text: str) -> WhyLine:
    url = reverse("web:why", args=[one.answers.rule_key])
    return WhyLine(
        title_of(one.answers.definition), about_of(one.party, citizen), text, f"{url}{query}"
    )


def _alphabetical(line: WhyLine) -> str:
    """Return what titles are ordered by: letters before their marks, Đ after D."""
    return normalize("NFD", line.title.replace("Đ", "D\u0335").casefold())


_STATES = {
    Outcome.OFFERED: ("ok", "done"),
    Outcome.HANDLED: ("progress", "progress"),
    Outcome.MISSING: ("soon", "help"),
    Outcome.COMING: ("info", "calendar"),
    Outcome.NOT: ("neutral", "cross"),
}


def _state(outcome: Outcome) -> str:
    return {
        Outcome.OFFERED: _("Offered"),
        Outcome.HANDLED: _("Being handled"),
        Outcome.MISSING: _("Waits for one fact"),
        Outcome.COMING: _("Coming by itself"),
        Outcome.NOT: _("Does not apply now"),
    }[outcome]


def why_page(
    found: RuleOutcome,
    lines: Sequence[Line],
    citizen: Citizen,
    doubts: Doubts,
    suggestion: Suggestion | None,
) -> WhyPage:
    """Return the page of one service."""
    definition = found.answers.definition
    tone, icon = _STATES[found.outcome]
    return WhyPage(
        title=title_of(definition),
        about=about_of(found.party, citizen),
        tone=tone,
        icon=icon,
        state=_state(found.outcome),
        reason=reason_of(found),
        meaning=[either(told.vi, told.en) for told in rule_in_sentences(definition)[:_SENTENCES]],
        way=way_out(found.reason),
        conditions=conditions_of(lines, doubts),
        suggestion_url=reverse("web:suggestion", args=[suggestion.public_id]) if suggestion else "",
    )


def day_line(day: date) -> str:
    """Return the day of the answers."""
    return _("With what is known on %(day)s.") % {"day": vi_date(day)}
