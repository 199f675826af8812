"""Reads of the catalogue, of rules and of suggestions."""

from __future__ import annotations

from procedures.selectors.bundles import BundleStep, bundle_steps, offered_version
from procedures.selectors.catalogue import rules_in_force, version_in_force
from procedures.selectors.recipients import is_recipient
from procedures.selectors.suggestions import (
    Explanation,
    explain,
    suggestion_for,
    suggestions_of,
    told_suggestions,
)

__all__ = [
    "BundleStep",
    "Explanation",
    "bundle_steps",
    "explain",
    "is_recipient",
    "offered_version",
    "rules_in_force",
    "suggestion_for",
    "suggestions_of",
    "told_suggestions",
    "version_in_force",
]
