"""Closed lists of the catalogue and of the suggestion; `contract.md` promises the states to others."""

from __future__ import annotations

from enum import StrEnum


class VersionStatus(StrEnum):
    """A draft may be edited; a released version never changes again."""

    DRAFT = "draft"
    RELEASED = "released"


class TriggerKind(StrEnum):
    CREDENTIAL_EXPIRY = "credential_expiry"
    AGE_MILESTONE = "age_milestone"
    LIFE_EVENT = "life_event"
    CALENDAR = "calendar"
    CITIZEN_INTENT = "citizen_intent"


class WindowShape(StrEnum):
    """When a dossier may be filed (domain.md 3.1)."""

    NO_LATER_THAN = "no_later_than"
    ONLY_WITHIN = "only_within"
    RECOMMENDED = "recommended"


class SubjectKind(StrEnum):
    CITIZEN = "citizen"
    ORGANISATION = "organisation"


class TimeUnit(StrEnum):
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    SAME_DAY = "same_day"
    CALENDAR_CAMPAIGN = "calendar_campaign"


class ClockStart(StrEnum):
    DOSSIER_RECEIVED = "dossier_received"
    VALID_DOSSIER_RECEIVED = "valid_dossier_received"


class FilingChannel(StrEnum):
    DIRECT = "direct"
    ONLINE = "online"
    POSTAL = "postal"


class SuggestionState(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    FULFILLED = "fulfilled"


class RecipientState(StrEnum):
    ACTIVE = "active"
    DISMISSED = "dismissed"


class MatterOutcome(StrEnum):
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ScanKind(StrEnum):
    NIGHTLY = "nightly"
    CHANGES = "changes"


class RunState(StrEnum):
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
