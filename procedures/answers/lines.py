"""What is told of a rule and a party: the facts, each condition's answer and its data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from citizens.selectors import Origin
from procedures.definition import RuleDefinition
from procedures.definition.sentences import Words
from procedures.enums import Answer
from procedures.models import RuleVersion

NO_WORDS = Words("", "")


@dataclass(frozen=True, slots=True)
class Line:
    """One condition: what it asks, whether it holds (None: not known), and the data it was read of.

    `path` is its place in the rule's tree, "" for what every rule asks. `shows` is the value as
    the register holds it, with the register's code and the day of which it speaks. `told` is the
    answer as one sentence, `data` where it comes from (empty where nothing was read). Below a `not`
    a condition must not hold: `wanted` is False. `origin` is the stored value, where it is one.
    """

    key: str
    path: str
    vi: str
    en: str
    holds: bool | None
    shows: str = ""
    register: str = ""
    as_of: date | None = None
    wanted: bool = True
    told: Words = NO_WORDS
    data: Words = NO_WORDS
    origin: Origin | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether it speaks for the suggestion; None where that is not known."""
        return None if self.holds is None else self.holds == self.wanted


@dataclass(frozen=True, slots=True)
class FactAnswers:
    """One fact of the rule about the party: when it is due, from when on it is told, and why (not).

    `answer` is that of the rule's own conditions; `is_suggested` says that the scan of the day
    would open it or keep it open. `in_the_way` are the conditions that would have to be otherwise,
    by the shortest way to a yes. `state` is that of the suggestion, if there is one.
    """

    anchor: int
    cycle: int
    due_on: date
    opens_on: date
    answer: Answer
    is_suggested: bool
    lines: tuple[Line, ...]
    recipients: tuple[int, ...]
    in_the_way: tuple[Line, ...] = ()
    state: str | None = None

    def first_reason(self) -> Line | None:
        """Return the first condition that stands in the way, else the first that is not known."""
        wrong = [line for line in self.in_the_way if line.is_met is False]
        return next(iter([*wrong, *self.in_the_way]), None)


@dataclass(frozen=True, slots=True)
class RuleAnswers:
    """A rule's facts about a party, the next due first.

    `lines` is what is asked of the rule itself (in force, not stopped, quota). Without facts there
    is nothing to suggest, and `nothing` says why.
    """

    rule_key: str
    is_in_force: bool
    facts: tuple[FactAnswers, ...]
    lines: tuple[Line, ...]
    nothing: tuple[Line, ...]
    version: RuleVersion
    definition: RuleDefinition
