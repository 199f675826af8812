"""Why me, why not: each condition's answer for one party, read as the scan reads it."""

from __future__ import annotations

from procedures.answers.asking import answers_for
from procedures.answers.lines import FactAnswers, Line, RuleAnswers

__all__ = ["FactAnswers", "Line", "RuleAnswers", "answers_for"]
