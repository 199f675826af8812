"""Closed lists of the figures."""

from __future__ import annotations

from enum import StrEnum


class CountKind(StrEnum):
    """What is counted by unit and week.

    DUE: facts of a rule by their due date (the key is the rule's); EVENT: events of a life by the
    day on which they occurred (the key is a LifeEventKind); FILED: dossiers by the day on which
    they were filed (the key is that of the rule that suggested them, else `OTHER`).
    """

    DUE = "due"
    EVENT = "event"
    FILED = "filed"


class Basis(StrEnum):
    """What an expected number rests on."""

    KNOWN = "known"
    MODEL = "model"
    LAST_YEAR = "last_year"
    LAST_WEEKS = "last_weeks"


class Outcome(StrEnum):
    """How a dossier was settled, by its last day; without a legal term nothing can be late."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    NO_TERM = "no_term"


# The key of dossiers that no rule with known dates suggested; counted where they are decided.
OTHER = "other"
# The field under which the sums of all fields together stand.
ALL_FIELDS = ""
