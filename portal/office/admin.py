"""What Django's admin looks for: importing the desks registers them."""

from __future__ import annotations

from portal.office import (
    accounts,
    bundles,
    calendar,
    catalogue,
    data_requests,
    discrepancies,
    messages,
    people,
    places,
    scans,
    suggestions,
    zalo_templates,
)

__all__ = [
    "accounts",
    "bundles",
    "calendar",
    "catalogue",
    "data_requests",
    "discrepancies",
    "messages",
    "people",
    "places",
    "scans",
    "suggestions",
    "zalo_templates",
]
