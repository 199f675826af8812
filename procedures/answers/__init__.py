"""What the scan sees of one party: why (not) a rule speaks of it, and which dates come."""

from __future__ import annotations

from procedures.answers.asking import answers_for
from procedures.answers.coming import ComingDate, coming_dates, households_answered_for
from procedures.answers.lines import FactAnswers, Line, RuleAnswers

__all__ = [
    "ComingDate",
    "FactAnswers",
    "Line",
    "RuleAnswers",
    "answers_for",
    "coming_dates",
    "households_answered_for",
]
