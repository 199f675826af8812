"""What is told of a rule and a party: the facts, each condition's answer and its data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from procedures.enums import Answer


@dataclass(frozen=True, slots=True)
class Line:
    """One condition: what it asks, whether it holds (None: not known), and the data it was read of.

    `path` is its place in the rule's tree, "" for what every rule asks. `shows` is the value as
    the register holds it, with the register's code and the day of which it speaks.
    """

    key: str
    path: str
    vi: str
    en: str
    holds: bool | None
    shows: str = ""
    register: str = ""
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class FactAnswers:
    """One fact of the rule about the party: when it is due, from when on it is told, and why (not).

    `answer` is that of the rule's own conditions; `is_suggested` says that the scan of the day
    would open it or keep it open. `state` is that of the suggestion, if there is one.
    """

    anchor: int
    cycle: int
    due_on: date
    opens_on: date
    answer: Answer
    is_suggested: bool
    lines: tuple[Line, ...]
    recipients: tuple[int, ...]
    state: str | None = None

    def first_reason(self) -> Line | None:
        """Return the first condition that does not hold, else the first that is not known."""
        wrong = [line for line in self.lines if line.holds is False]
        unknown = [line for line in self.lines if line.holds is None]
        return next(iter(wrong + unknown), None)


@dataclass(frozen=True, slots=True)
class RuleAnswers:
    """A rule's facts about a party, the next due first; without any there is nothing to suggest."""

    rule_key: str
    is_in_force: bool
    facts: tuple[FactAnswers, ...]
