"""Who may open which desk, and who may do something there: one table an official can read.

A role counts only inside the unit (and below) for which it was granted; `portal.office.standing`
joins the two. Administrators look after the software, so they see every desk of their unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from citizens.enums import Role
from citizens.rules import MAY_IMPORT, MAY_SEE_REGISTERS

R = Role


class Desk(StrEnum):
    QUEUE = "queue"
    PEOPLE = "people"
    DISCREPANCIES = "discrepancies"
    SUGGESTIONS = "suggestions"
    MESSAGES = "messages"
    CATALOGUE = "catalogue"
    SCANS = "scans"
    CALENDAR = "calendar"
    PLACES = "places"
    ACCOUNTS = "accounts"
    ACCESS = "access"
    SENSITIVE = "sensitive"
    RELEASE = "release"
    DATA_REQUESTS = "data_requests"
    REGISTERS = "registers"
    FORECAST = "forecast"
    CALL_BACKS = "call_backs"
    ZALO = "zalo"
    DELIVERY = "delivery"
    DELIVERY_FIGURES = "delivery_figures"
    VISITS = "visits"
    LATE = "late"
    DIRECTIVES = "directives"
    PAYMENTS = "payments"
    STRAY_MONEY = "stray_money"
    OUTCOMES = "outcomes"
    COUNTER = "counter"
    STANDING_IN = "standing_in"
    PAPERS = "papers"
    AUTOMATIC = "automatic"
    TICKETS = "tickets"
    WAITING_ROOM = "waiting_room"
    ANSWERS = "answers"
    FEEDBACK = "feedback"
    BREACHES = "breaches"
    TRAINING = "training"
    REPORTS = "reports"
    EXCHANGE = "exchange"


_CASEWORK = {R.RECEPTIONIST, R.CASE_OFFICER, R.HEAD_OF_UNIT}
_LEADING = {R.HEAD_OF_UNIT, R.PROVINCIAL_LEADER}
_CATALOGUE = {R.CATALOGUE_EDITOR, R.APPROVER}

SEES: Mapping[Desk, frozenset[Role]] = {
    desk: frozenset(roles | {R.ADMINISTRATOR})
    for desk, roles in {
        Desk.QUEUE: _CASEWORK | {R.PROVINCIAL_LEADER},
        Desk.PEOPLE: _CASEWORK | {R.DATA_STEWARD},
        Desk.DISCREPANCIES: {R.DATA_STEWARD, R.CASE_OFFICER, R.HEAD_OF_UNIT},
        Desk.SUGGESTIONS: _CASEWORK | {R.OPERATOR},
        Desk.MESSAGES: {R.RECEPTIONIST, R.HEAD_OF_UNIT, R.OPERATOR},
        Desk.CATALOGUE: _CASEWORK | _LEADING | _CATALOGUE,
        Desk.SCANS: _LEADING | _CATALOGUE | {R.OPERATOR},
        Desk.CALENDAR: _CASEWORK | _LEADING | _CATALOGUE,
        Desk.PLACES: _CASEWORK | _LEADING | _CATALOGUE | {R.DATA_STEWARD},
        Desk.ACCOUNTS: {R.HEAD_OF_UNIT},
        Desk.ACCESS: {R.AUDITOR},
        Desk.DATA_REQUESTS: {R.HEAD_OF_UNIT, R.DATA_STEWARD},
        Desk.REGISTERS: MAY_SEE_REGISTERS,
        Desk.FORECAST: _LEADING | {R.OPERATOR},
        Desk.CALL_BACKS: _CASEWORK,
        Desk.ZALO: _CATALOGUE | {R.OPERATOR},
        Desk.DELIVERY: {R.OPERATOR},
        Desk.DELIVERY_FIGURES: _LEADING | {R.OPERATOR},
        Desk.VISITS: _CASEWORK,
        Desk.LATE: _CASEWORK | {R.PROVINCIAL_LEADER, R.APPROVER},
        Desk.DIRECTIVES: _CASEWORK | _LEADING,
        Desk.FEEDBACK: _CASEWORK | _LEADING,
        Desk.PAYMENTS: _CASEWORK | _LEADING,
        Desk.STRAY_MONEY: {R.OPERATOR},
        Desk.OUTCOMES: _CASEWORK | _LEADING,
        Desk.STANDING_IN: _CASEWORK,
        Desk.PAPERS: _CASEWORK,
        Desk.AUTOMATIC: {R.CASE_OFFICER, R.APPROVER} | _LEADING,
        Desk.WAITING_ROOM: _LEADING,
        Desk.REPORTS: _LEADING,
        Desk.EXCHANGE: {R.OPERATOR, R.AUDITOR},  # and only over the whole province
    }.items()
} | {
    # Whoever serves people there, nobody else: looking after the software is no reason to see it.
    Desk.COUNTER: frozenset(_CASEWORK),
    Desk.TICKETS: frozenset(_CASEWORK),
    Desk.ANSWERS: frozenset(_CASEWORK),
    # Not a desk but what lies behind one; looking after the software is no reason to see it.
    Desk.SENSITIVE: frozenset({R.CASE_OFFICER, R.HEAD_OF_UNIT, R.DATA_STEWARD}),
    Desk.RELEASE: frozenset({R.APPROVER}),  # and only over the whole province
    Desk.TRAINING: frozenset(Role),  # one's own courses; figures and people by role
    Desk.BREACHES: frozenset({R.DATA_STEWARD}),  # and only over the whole province
}

EDITS: Mapping[Desk, frozenset[Role]] = {
    Desk.CALENDAR: frozenset({R.CATALOGUE_EDITOR, R.ADMINISTRATOR}),
    Desk.ACCOUNTS: frozenset({R.ADMINISTRATOR}),
    Desk.ZALO: frozenset({R.CATALOGUE_EDITOR, R.OPERATOR, R.ADMINISTRATOR}),
    Desk.REGISTERS: MAY_IMPORT,  # and only over the whole province
    Desk.FORECAST: frozenset({R.OPERATOR, R.ADMINISTRATOR}),  # and only over the whole province
    Desk.DELIVERY: frozenset({R.OPERATOR, R.ADMINISTRATOR}),  # and only over the whole province
    Desk.VISITS: frozenset(_CASEWORK),
    Desk.STRAY_MONEY: frozenset({R.OPERATOR, R.ADMINISTRATOR}),  # and only over the whole province
    Desk.COUNTER: frozenset(_CASEWORK),
    Desk.STANDING_IN: frozenset(_CASEWORK),
    Desk.PAPERS: frozenset(_CASEWORK),
    Desk.TICKETS: frozenset(_CASEWORK),
    Desk.DIRECTIVES: frozenset({R.PROVINCIAL_LEADER}),
    Desk.FEEDBACK: frozenset(_CASEWORK),  # written down for somebody at a unit
    Desk.ANSWERS: frozenset(_CASEWORK),  # the texts of their own office
    Desk.TRAINING: frozenset({R.HEAD_OF_UNIT, R.ADMINISTRATOR}),  # officials of their own units
    Desk.EXCHANGE: frozenset({R.OPERATOR, R.ADMINISTRATOR}),  # and only over the whole province
    Desk.WAITING_ROOM: frozenset({R.HEAD_OF_UNIT}),  # and only that of their own office
}
