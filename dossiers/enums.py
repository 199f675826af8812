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
    FORWARD = "forward"
    REASSIGN = "reassign"
    EXTEND = "extend"
    WAIT_FOR_SYSTEM = "wait_for_system"
    SYSTEM_ANSWERED = "system_answered"


class Actor(StrEnum):
    """Who may take a step; officials' roles carry the names of `citizens.enums.Role`."""

    CITIZEN = "citizen"
    RECEPTIONIST = "receptionist"
    CASE_OFFICER = "case_officer"
    HEAD_OF_UNIT = "head_of_unit"
    SYSTEM = "system"
    # The released version itself; only of a dossier that it decides (`decide_automatically`).
    AUTOMATIC = "automatic"


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
    EXTEND = "extend"
    WAIT = "wait"


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
    WAITING = "waiting"
    ENDED = "ended"


class DocumentOrigin(StrEnum):
    UPLOAD = "upload"
    RESULT = "result"
    REGISTER = "register"


class ScanVerdict(StrEnum):
    """What is known of a file's harmlessness.

    STRUCTURE: taken apart and found plain, where no scanner is set up. With one, only CLEAN may be
    downloaded.
    """

    PENDING = "pending"
    STRUCTURE = "structure"
    CLEAN = "clean"
    INFECTED = "infected"


class DecisionMode(StrEnum):
    """Who decided: an official, or the released version itself with a sample looked at after."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


class DelayKind(StrEnum):
    """Where the time went; `citizen` is waiting that the clock did not count."""

    INSIDE = "inside"
    CITIZEN = "citizen"
    OTHER_AGENCY = "other_agency"
    SYSTEM = "system"


class DisputeState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class AlertStage(StrEnum):
    """When a case officer is warned before the limit."""

    HALF = "half"
    TWO_DAYS = "two_days"
    ONE_DAY = "one_day"
    TODAY = "today"


class PaymentState(StrEnum):
    DUE = "due"
    PAID = "paid"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class PaymentWay(StrEnum):
    BANK_TRANSFER = "bank_transfer"
    COUNTER = "counter"


class NoticeVerdict(StrEnum):
    """What became of money that a gateway called in; the last two are an official's."""

    MATCHED = "matched"
    UNKNOWN = "unknown"
    LESS = "less"
    MORE = "more"
    DUPLICATE = "duplicate"
    ENDED = "ended"
    ASSIGNED = "assigned"
    RETURNED = "returned"


class BundleStepState(StrEnum):
    """A child of a bundle: waits for another, may be filed, was filed, ended well or otherwise."""

    WAITING = "waiting"
    READY = "ready"
    FILED = "filed"
    DONE = "done"
    FAILED = "failed"
    REPLACED = "replaced"
    DROPPED = "dropped"


class FormKind(StrEnum):
    """Printed forms: numbers of TT 03/2025/TT-VPCP, Appendix I (domain.md 1.6), and letters."""

    RECEIPT = "01"
    SUPPLEMENT = "02"
    REFUSAL = "03"
    APOLOGY = "04"
    STOP = "05"
    CONTROL = "06"
    LOG = "07"
    RESULT = "result"
    CONGRATULATION = "congratulation"
    CONDOLENCE = "condolence"
    FEE_RECEIPT = "fee_receipt"


class FormOrderState(StrEnum):
    """A paper that is still to be made, is being made, was made, or cannot be without help."""

    WAITING = "waiting"
    MAKING = "making"
    MADE = "made"
    PARKED = "parked"


class Satisfaction(StrEnum):
    SATISFIED = "satisfied"
    NEUTRAL = "neutral"
    DISSATISFIED = "dissatisfied"


class SampleVerdict(StrEnum):
    """What a person found who looked at an automatic decision afterwards."""

    UPHELD = "upheld"
    WRONG = "wrong"


class CounterStage(StrEnum):
    """What is done at a counter, in this order; a stage with nothing to do is left out."""

    OPEN = "open"
    CHECK = "check"
    ANSWER = "answer"
    PAPERS = "papers"
    CONFIRM = "confirm"


class TicketState(StrEnum):
    """Where a queue ticket stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    DONE = "done"
    ABSENT = "absent"


class TicketAct(StrEnum):
    """What happened to a queue ticket; times are measured between these."""

    TAKEN = "taken"
    CALLED = "called"
    RECALLED = "recalled"
    STARTED = "started"
    MISSED = "missed"
    ENDED = "ended"
    TRANSFERRED = "transferred"
    FINISHED = "finished"


class ExchangeKind(StrEnum):
    """What a partner is told: the whole dossier, a step with its status, dates, or that it goes."""

    DOSSIER = "dossier"
    STEP = "step"
    DATES = "dates"
    REMOVAL = "removal"


class ExchangeState(StrEnum):
    """Where a row of the outbox to a partner stands.

    UNKNOWN: nobody can tell whether it arrived. PARKED: it cannot go as it is. Of both a person
    decides. DROPPED: a person decided that it need not go.
    """

    WAITING = "waiting"
    SENDING = "sending"
    ACKNOWLEDGED = "acknowledged"
    UNKNOWN = "unknown"
    PARKED = "parked"
    DROPPED = "dropped"


class ExchangeActKind(StrEnum):
    """What a person did with what is exchanged."""

    RESEND = "resend"
    ARRIVED = "arrived"
    NOT_ARRIVED = "not_arrived"
    DROP = "drop"
    RECONCILE = "reconcile"
    REPAIR = "repair"
    DISMISS = "dismiss"


class InboxVerdict(StrEnum):
    """What became of a partner's word."""

    APPLIED = "applied"
    SAME = "same"
    OURS = "ours"
    UNKNOWN_DOSSIER = "unknown_dossier"
    NOT_UNDERSTOOD = "not_understood"
    REFUSED = "refused"


class DifferenceKind(StrEnum):
    """How our books and a partner's differ about one dossier."""

    ONLY_HERE = "only_here"
    ONLY_THERE = "only_there"
    STATUS = "status"
    DATE = "date"
    DOUBLE = "double"


class Repair(StrEnum):
    """What would make both sides alike again."""

    TELL_AGAIN = "tell_again"
    TELL_STATUS = "tell_status"
    TELL_DATES = "tell_dates"
    TAKE_THEIRS = "take_theirs"
    REMOVE_THERE = "remove_there"
    BY_HAND = "by_hand"


class DifferenceState(StrEnum):
    OPEN = "open"
    APPLIED = "applied"
    DISMISSED = "dismissed"
    GONE = "gone"
