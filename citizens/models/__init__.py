"""Tables of the facts' room, one file a subject."""

from __future__ import annotations

from citizens.models.access import AccessLog, Seal, Unsealed
from citizens.models.accounts import Grant, Official, User
from citizens.models.bonds import Authority, Relation
from citizens.models.breaches import Breach, BreachStep
from citizens.models.calendar_addresses import CalendarAddress
from citizens.models.choices import Consent, DataRequest
from citizens.models.contacts import ContactPoint
from citizens.models.credentials import Credential, EventParty, LifeEvent
from citizens.models.discrepancies import Correction, Discrepancy
from citizens.models.helping import HelpRequest
from citizens.models.parties import (
    Citizen,
    CitizenSensitive,
    Household,
    HouseholdMember,
    Organisation,
    Party,
)
from citizens.models.places import (
    Agency,
    AgencyKind,
    CalendarChange,
    Holiday,
    Unit,
    UnitSuccession,
)
from citizens.models.registers import Batch, FactChange, Register, RegisterRecord, Rejection
from citizens.models.training import Attendance, Course
from citizens.models.tries import Tries

__all__ = [
    "AccessLog",
    "Agency",
    "AgencyKind",
    "Attendance",
    "Authority",
    "Batch",
    "Breach",
    "BreachStep",
    "CalendarAddress",
    "CalendarChange",
    "Citizen",
    "CitizenSensitive",
    "Consent",
    "ContactPoint",
    "Correction",
    "Course",
    "Credential",
    "DataRequest",
    "Discrepancy",
    "EventParty",
    "FactChange",
    "Grant",
    "HelpRequest",
    "Holiday",
    "Household",
    "HouseholdMember",
    "LifeEvent",
    "Official",
    "Organisation",
    "Party",
    "Register",
    "RegisterRecord",
    "Rejection",
    "Relation",
    "Seal",
    "Tries",
    "Unit",
    "UnitSuccession",
    "Unsealed",
    "User",
]
