"""Reads of the catalogue, of rules and of suggestions."""

from __future__ import annotations

from procedures.selectors.bundles import (
    BundleStep,
    Offer,
    bundle_version_in_force,
    bundles_in_force,
    exemption_for,
    offer_of,
    offer_of_bundle,
    offered_unasked,
    offers_of,
    procedures_on,
)
from procedures.selectors.catalogue import (
    rules_in_force,
    version_in_force,
    versions_in_force,
)
from procedures.selectors.occasions import Entry, Index, index_of
from procedures.selectors.recipients import is_recipient
from procedures.selectors.search import Found, find_procedures
from procedures.selectors.suggestions import (
    Explanation,
    explain,
    papers_behind,
    suggestion_and_papers,
    suggestion_for,
    suggestions_of,
    told_suggestions,
)

__all__ = [
    "BundleStep",
    "Entry",
    "Explanation",
    "Found",
    "Index",
    "Offer",
    "bundle_version_in_force",
    "bundles_in_force",
    "exemption_for",
    "explain",
    "find_procedures",
    "index_of",
    "is_recipient",
    "offer_of",
    "offer_of_bundle",
    "offered_unasked",
    "offers_of",
    "papers_behind",
    "procedures_on",
    "rules_in_force",
    "suggestion_and_papers",
    "suggestion_for",
    "suggestions_of",
    "told_suggestions",
    "version_in_force",
    "versions_in_force",
]
