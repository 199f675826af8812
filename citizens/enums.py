"""Closed lists of the facts' room; labels for screens live in the models."""

from __future__ import annotations

from enum import StrEnum


class PartyKind(StrEnum):
    CITIZEN = "citizen"
    ORGANISATION = "organisation"
    HOUSEHOLD = "household"


class Gender(StrEnum):
    MALE = "male"
    FEMALE = "female"


class BirthPrecision(StrEnum):
    """How much of a birth date the register really knows; elders may have only a year."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class RelationKind(StrEnum):
    """`person` is the parent, spouse or guardian of `relative`."""

    FATHER = "father"
    MOTHER = "mother"
    SPOUSE = "spouse"
    GUARDIAN = "guardian"


class AuthorityBasis(StrEnum):
    PARENT = "parent"
    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"
    POWER_OF_ATTORNEY = "power_of_attorney"
    # Files and follows for somebody who confirmed it with a code; sees nothing else of theirs.
    HELPER = "helper"


class UnitKind(StrEnum):
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    WARD = "ward"
    SPECIAL_ZONE = "special_zone"


class ZoneKind(StrEnum):
    URBAN = "urban"
    RURAL = "rural"
    DISADVANTAGED = "disadvantaged"


class AgencyLevel(StrEnum):
    CENTRAL = "central"
    PROVINCE = "province"
    COMMUNE = "commune"
    UTILITY = "utility"


class CredentialStatus(StrEnum):
    """Only VALID credentials are watched; a date in the past does not change the status."""

    VALID = "valid"
    REVOKED = "revoked"
    LOST = "lost"
    SUPERSEDED = "superseded"


class LifeEventKind(StrEnum):
    BIRTH_NOTIFIED = "birth_notified"
    BIRTH_REGISTERED = "birth_registered"
    DEATH_NOTIFIED = "death_notified"
    DEATH_REGISTERED = "death_registered"
    CONSTRUCTION_PERMIT_ISSUED = "construction_permit_issued"
    CREDENTIAL_LOST_OR_DAMAGED = "credential_lost_or_damaged"
    MOVED = "moved"
    MARRIAGE = "marriage"
    INCOME_SHOCK_OR_DISASTER = "income_shock_or_disaster"
    BUSINESS_REGISTERED = "business_registered"
    HOUSEHOLD_STATUS_CHANGED = "household_status_changed"


class EventRole(StrEnum):
    SUBJECT = "subject"
    MOTHER = "mother"
    FATHER = "father"
    CHILD = "child"
    SPOUSE = "spouse"


class ContactChannel(StrEnum):
    """How a person can be reached; without an app or Zalo row the SMS goes at once."""

    APP = "app"
    PUSH = "push"
    ZALO = "zalo"
    EMAIL = "email"
    SMS = "sms"


class UserKind(StrEnum):
    CITIZEN = "citizen"
    OFFICIAL = "official"


class Role(StrEnum):
    RECEPTIONIST = "receptionist"
    CASE_OFFICER = "case_officer"
    HEAD_OF_UNIT = "head_of_unit"
    PROVINCIAL_LEADER = "provincial_leader"
    CATALOGUE_EDITOR = "catalogue_editor"
    APPROVER = "approver"
    DATA_STEWARD = "data_steward"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class FactKind(StrEnum):
    """What a FactChange row tells its reader about; `object_id` is the key of that table."""

    CITIZEN = "citizen"
    CREDENTIAL = "credential"
    LIFE_EVENT = "life_event"
    RECORD = "record"
    ORGANISATION = "organisation"
    DISCREPANCY = "discrepancy"
    MATTER = "matter"  # a dossier was opened or decided; the table is procedures' own


class ViewPurpose(StrEnum):
    """Why an official looked at a person (Luật 91/2025/QH15: purpose-bound access)."""

    DOSSIER = "dossier"
    COUNTER = "counter"
    DATA_QUALITY = "data_quality"
    SUPPORT = "support"
    HELPING = "helping"  # not an official: a helper whom the person let file for them
    AUDIT = "audit"


class BatchState(StrEnum):
    """RECEIVED waits for its turn; a killed READING or APPLYING begins anew and ends alike."""

    RECEIVED = "received"
    READING = "reading"
    APPLYING = "applying"
    DONE = "done"
    REFUSED = "refused"


class DiscrepancyKind(StrEnum):
    """What does not agree: two registers about a person, or a person about a register."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    GENDER = "gender"
    ADDRESS = "address"
    ALIVE = "alive"
    IDENTITY = "identity"
    CONTESTED = "contested"


class DiscrepancyState(StrEnum):
    OPEN = "open"
    CORRECTED = "corrected"
    UPHELD = "upheld"
    WITHDRAWN = "withdrawn"


class FactTable(StrEnum):
    """Which table a corrected or contested value stands in."""

    CITIZEN = "citizen"
    CREDENTIAL = "credential"
    RECORD = "record"
    ORGANISATION = "organisation"


class ConsentPurpose(StrEnum):
    """What a person may agree to beyond what the law lets the State do by itself."""

    SERVICE_OFFERS = "service_offers"
    SURVEYS = "surveys"
    RESEARCH = "research"


class ConsentSource(StrEnum):
    WEB = "web"
    COUNTER = "counter"
    SMS = "sms"


class DataRequestKind(StrEnum):
    """Rights of the data subject (Luật 91/2025/QH15); each kind has its own clock."""

    ACCESS = "access"
    COPY = "copy"
    CORRECT = "correct"
    RESTRICT = "restrict"
    OBJECT = "object"
    WITHDRAW = "withdraw"


class DataRequestState(StrEnum):
    RECEIVED = "received"
    ANSWERED = "answered"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class BreachAct(StrEnum):
    """What was done about an incident of personal data, in the order in which it usually is."""

    OPENED = "opened"
    CONTAINED = "contained"
    REPORTED = "reported"  # to the authority
    TOLD = "told"  # the people concerned
    NOTED = "noted"
    CLOSED = "closed"


class HelperKind(StrEnum):
    """As who somebody helps another to file; both have the same narrow rights."""

    FAMILY = "family"
    COMMUNITY = "community"
