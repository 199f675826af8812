"""Reads of the facts' room. `day` is always a civil date (Asia/Ho_Chi_Minh) of the caller's."""

from __future__ import annotations

from citizens.selectors.choices import (
    consenting,
    consents_of,
    not_consenting,
    refusing,
    statements_of,
)
from citizens.selectors.circle import Circle, circle_of
from citizens.selectors.officials import roles_of, views_of, visible_units
from citizens.selectors.people import (
    acting_for,
    credentials_of,
    guardians_of,
    household_of,
    may_act,
)
from citizens.selectors.places import (
    AgencyMissingError,
    competent_agency,
    steward_of,
    working_calendar,
)

__all__ = [
    "AgencyMissingError",
    "Circle",
    "acting_for",
    "circle_of",
    "competent_agency",
    "consenting",
    "consents_of",
    "credentials_of",
    "guardians_of",
    "household_of",
    "may_act",
    "not_consenting",
    "refusing",
    "roles_of",
    "statements_of",
    "steward_of",
    "views_of",
    "visible_units",
    "working_calendar",
]
