"""Tables of a dossier's life, one file a subject."""

from __future__ import annotations

from dossiers.models.bundles import BundleStep
from dossiers.models.chat import ChatAccount
from dossiers.models.counter import CounterStep, CounterVisit
from dossiers.models.decisions import (
    AutomaticDecision,
    AutomaticRefusal,
    ModeSwitch,
    RiskModel,
)
from dossiers.models.delays import ClockAlert, DelayCause, Dispute
from dossiers.models.desk import AnswerText, DossierNote, QueueFilter
from dossiers.models.dossiers import BundleCase, CodeCounter, Dossier, Draft
from dossiers.models.exchange import (
    Difference,
    ExchangeAct,
    ExchangeAttempt,
    ExchangeInbox,
    ExchangeLink,
    ExchangeRow,
    Reconciliation,
)
from dossiers.models.ledgers import ClockEvent, DossierEvent, EventFeed
from dossiers.models.log_books import LogBook
from dossiers.models.papers import (
    DigitisingBatch,
    Document,
    DossierPaper,
    FormOrder,
    IssuedForm,
    PreparedPaper,
    Result,
    SupplementRequest,
)
from dossiers.models.payments import Payment, PaymentNotice
from dossiers.models.ratings import Rating
from dossiers.models.stages import Absence, Delegation, Stage
from dossiers.models.tickets import (
    Appointment,
    CounterSeat,
    ServiceGroup,
    Ticket,
    TicketEvent,
    TicketHall,
)

__all__ = [
    "Absence",
    "AnswerText",
    "Appointment",
    "AutomaticDecision",
    "AutomaticRefusal",
    "BundleCase",
    "BundleStep",
    "ChatAccount",
    "ClockAlert",
    "ClockEvent",
    "CodeCounter",
    "CounterSeat",
    "CounterStep",
    "CounterVisit",
    "DelayCause",
    "Delegation",
    "Difference",
    "DigitisingBatch",
    "Dispute",
    "Document",
    "Dossier",
    "DossierEvent",
    "DossierNote",
    "DossierPaper",
    "Draft",
    "EventFeed",
    "ExchangeAct",
    "ExchangeAttempt",
    "ExchangeInbox",
    "ExchangeLink",
    "ExchangeRow",
    "FormOrder",
    "IssuedForm",
    "LogBook",
    "ModeSwitch",
    "Payment",
    "PaymentNotice",
    "PreparedPaper",
    "QueueFilter",
    "Rating",
    "Reconciliation",
    "Result",
    "RiskModel",
    "ServiceGroup",
    "Stage",
    "SupplementRequest",
    "Ticket",
    "TicketEvent",
    "TicketHall",
]
