"""Reads of the facts' room. `day` is always a civil date (Asia/Ho_Chi_Minh) of the caller's."""

from __future__ import annotations

from citizens.selectors.calendar_addresses import calendar_address_for, calendar_address_of
from citizens.selectors.cases import (
    by_origin,
    cases_of,
    contests_of,
    is_self_or_family,
    may_settle,
    open_cases,
    origins_about,
    possible_owners,
    standing_corrections,
)
from citizens.selectors.choices import (
    consenting,
    consents_of,
    not_consenting,
    refusing,
    statements_of,
)
from citizens.selectors.circle import Circle, circle_of
from citizens.selectors.data_requests import request_for, requests_of
from citizens.selectors.kin import (
    Bond,
    Kin,
    bereaved_of,
    children_of,
    head_of,
    named_guardians_of,
    parents_of,
    reached_for,
    spouses_of,
)
from citizens.selectors.officials import is_family_of, roles_of, views_of, visible_units
from citizens.selectors.people import (
    acting_for,
    credentials_of,
    guardians_of,
    household_of,
    may_act,
    name_of,
    party_name,
)
from citizens.selectors.places import (
    AgencyMissingError,
    calendar_history,
    competent_agency,
    line_of,
    office_and_calendar,
    steward_of,
    unit_of,
    working_calendar,
)
from citizens.selectors.seals import last_sealed_at, oldest_unsealed_at
from citizens.selectors.stored_values import Origin, StoredValue, ValueKind, stored_value

__all__ = [
    "AgencyMissingError",
    "Bond",
    "Circle",
    "Kin",
    "Origin",
    "StoredValue",
    "ValueKind",
    "acting_for",
    "bereaved_of",
    "by_origin",
    "calendar_address_for",
    "calendar_address_of",
    "calendar_history",
    "cases_of",
    "children_of",
    "circle_of",
    "competent_agency",
    "consenting",
    "consents_of",
    "contests_of",
    "credentials_of",
    "guardians_of",
    "head_of",
    "household_of",
    "is_family_of",
    "is_self_or_family",
    "last_sealed_at",
    "line_of",
    "may_act",
    "may_settle",
    "name_of",
    "named_guardians_of",
    "not_consenting",
    "office_and_calendar",
    "oldest_unsealed_at",
    "open_cases",
    "origins_about",
    "parents_of",
    "party_name",
    "possible_owners",
    "reached_for",
    "refusing",
    "request_for",
    "requests_of",
    "roles_of",
    "spouses_of",
    "standing_corrections",
    "statements_of",
    "steward_of",
    "stored_value",
    "unit_of",
    "views_of",
    "visible_units",
    "working_calendar",
]
