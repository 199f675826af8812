"""Closed lists of a dossier's life; statuses are the ten national numbers (domain.md 1.2)."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Status(IntEnum):
    REGISTERED = 1
    RECEIVED = 2
    NOT_RECEIVED = 3
    PROCESSING = 4
    SUPPLEMENT_REQUESTED = 5
    PAYMENT_REQUESTED = 6
    WITHDRAWN = 7
    STOPPED = 8
    DONE = 9
    RETURNED = 10


class Action(StrEnum):
    SUBMIT = "submit"
    RECEIVE = "receive"
    REFUSE_RECEPTION = "refuse_reception"
    START_PROCESSING = "start_processing"
    REQUEST_SUPPLEMENT = "request_supplement"
    SUPPLEMENT = "supplement"
    REQUEST_PAYMENT = "request_payment"
    CONFIRM_PAYMENT = "confirm_payment"
    WITHDRAW = "withdraw"
    STOP = "stop"
    APPROVE = "approve"
    RETURN_RESULT = "return_result"


class Actor(StrEnum):
    """Who may take a step; officials' roles carry the names of `citizens.enums.Role`."""

    CITIZEN = "citizen"
    RECEPTIONIST = "receptionist"
    CASE_OFFICER = "case_officer"
    HEAD_OF_UNIT = "head_of_unit"
    SYSTEM = "system"


class Origin(StrEnum):
    CITIZEN = "citizen"
    OFFICIAL = "official"
    AGENCY = "agency"


class ClockEffect(StrEnum):
    NONE = "none"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    FINISH = "finish"


class ClockEventKind(StrEnum):
    START = "start"
    CUT_OFF = "cut_off"
    PAUSE = "pause"
    RESUME = "resume"
    EXTENSION = "extension"
    SYNC_WAIT = "sync_wait"
    CALENDAR_CHANGE = "calendar_change"
    STOP = "stop"
    FINISH = "finish"


class ClockColour(StrEnum):
    """How a dossier stands against its clock, for queues and pages."""

    NOT_STARTED = "not_started"
    ON_TIME = "on_time"
    SOON = "soon"
    LATE = "late"
    PAUSED = "paused"
    ENDED = "ended"


class DocumentOrigin(StrEnum):
    UPLOAD = "upload"
    RESULT = "result"
    REGISTER = "register"


class ScanVerdict(StrEnum):
    """What the virus scanner said; only CLEAN may be downloaded."""

    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"
