"""What the scan sees of one party: why (not) a rule speaks of it, and which dates come."""

from __future__ import annotations

from procedures.answers.asking import answers_for, answers_of
from procedures.answers.coming import ComingDate, coming_dates, households_answered_for, watching
from procedures.answers.entitled import has_come_of_age
from procedures.answers.lines import FactAnswers, Line, RuleAnswers
from procedures.answers.origins import with_origins
from procedures.answers.outcomes import (
    Outcome,
    RuleOutcome,
    outcome_of,
    outcomes,
    rules_told,
    versions_told,
)
from procedures.answers.telling import asked_in_words, reason_in_words
from procedures.selectors.sensitive import tells_sensitive

__all__ = [
    "ComingDate",
    "FactAnswers",
    "Line",
    "Outcome",
    "RuleAnswers",
    "RuleOutcome",
    "answers_for",
    "answers_of",
    "asked_in_words",
    "coming_dates",
    "has_come_of_age",
    "households_answered_for",
    "outcome_of",
    "outcomes",
    "reason_in_words",
    "rules_told",
    "tells_sensitive",
    "versions_told",
    "watching",
    "with_origins",
]
