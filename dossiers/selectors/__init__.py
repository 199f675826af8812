"""Reads of dossiers: whose they are, what waits at a desk, what happened, and why a date is due."""

from __future__ import annotations

from dossiers.selectors.dossiers import (
    FiledField,
    Moment,
    Offer,
    acting_as,
    actors_of,
    clock_of,
    definition_of,
    dossier_for,
    dossiers_of,
    entry_of,
    filed_form,
    granted_actors,
    is_own_family,
    limit_of,
    may_file,
    offered_actions,
    queue_of,
    timeline,
    why_due,
)

__all__ = [
    "FiledField",
    "Moment",
    "Offer",
    "acting_as",
    "actors_of",
    "clock_of",
    "definition_of",
    "dossier_for",
    "dossiers_of",
    "entry_of",
    "filed_form",
    "granted_actors",
    "is_own_family",
    "limit_of",
    "may_file",
    "offered_actions",
    "queue_of",
    "timeline",
    "why_due",
]
