"""Closed lists of the catalogue and of the suggestion; the states are promised to others."""

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
    HOUSEHOLD = "household"


class Missed(StrEnum):
    """Why a rehearsal has nobody to tell of a fact.

    STOPPED is a wish of the person; NOBODY that none of those addressed lives, is known or listens.
    """

    STOPPED = "stopped"
    NO_GUARDIAN = "no_guardian"
    NOBODY = "nobody"
    DECEASED = "deceased"
    EMIGRATED = "emigrated"


class Addressee(StrEnum):
    """Who is told of a rule's fact.

    HOLDER is the person, or for a minor whoever may act as parent or guardian; PARENTS are those
    whom the event names; FAMILY is the family of somebody who died.
    """

    HOLDER = "holder"
    PARENTS = "parents"
    GUARDIAN = "guardian"
    HOUSEHOLD_HEAD = "household_head"
    REPRESENTATIVE = "representative"
    FAMILY = "family"


class Answer(StrEnum):
    """Whether a rule's conditions hold for a fact; LIKELY: one more fact would make it certain."""

    YES = "yes"
    LIKELY = "likely"
    NO = "no"


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


class RuleAction(StrEnum):
    """What an official may do to a rule besides writing it."""

    RELEASE = "release"
    WIDEN = "widen"
    STOP = "stop"
    RESUME = "resume"
    QUOTA = "quota"


class FeeChannel(StrEnum):
    """A fee may hold for every channel."""

    ANY = "any"
    DIRECT = "direct"
    ONLINE = "online"
    POSTAL = "postal"


class Level(StrEnum):
    CENTRAL = "central"
    PROVINCE = "province"
    COMMUNE = "commune"
    UTILITY = "utility"
    ANY = "any"


class CodeKind(StrEnum):
    """A procedure of the national list, or a placeholder of the city's own."""

    NATIONAL = "national"
    LOCAL_PLACEHOLDER = "local_placeholder"


class ValidityRule(StrEnum):
    """How the last day of a newly granted paper follows from its first."""

    NONE = "none"
    FIXED_YEARS = "fixed_years"
    FIXED_MONTHS = "fixed_months"
    BY_CLASS = "by_class"
    BY_AGE_AT_ISSUE = "by_age_at_issue"
    AGE_MILESTONES = "age_milestones"
    START_WITHIN_MONTHS = "start_within_months"
    CALENDAR_YEAR = "calendar_year"
    POLICY = "policy"
    UNTIL_AGE = "until_age"


class FieldType(StrEnum):
    """What a form field takes."""

    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    MULTICHOICE = "multichoice"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    COUNT = "count"
    DECIMAL = "decimal"
    MONEY = "money"
    PIN12 = "pin12"
    TAX_CODE = "tax_code"
    INDUSTRIES = "industries"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    IMAGE = "image"
    AGENCY = "agency"
    FACILITY = "facility"
    SCHOOL = "school"
    PERSON_REF = "person_ref"
    GROUP = "group"
    LIST = "list"


class FieldSource(StrEnum):
    """Where a value came from; CONTESTED is the applicant's where they contest the register's."""

    REGISTER = "register"
    CONTESTED = "contested"
    APPLICANT = "applicant"
    COMPUTED = "computed"
    MISSING = "missing"


class ProgrammeState(StrEnum):
    """An audio programme is heard while it is RELEASED; only one that is not may be edited."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class ProgrammeAct(StrEnum):
    WRITE = "write"
    REVIEW = "review"
    RELEASE = "release"
    WITHDRAW = "withdraw"
