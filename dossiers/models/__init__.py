"""Tables of a dossier's life, one file a subject."""

from __future__ import annotations

from dossiers.models.chat import ChatAccount
from dossiers.models.dossiers import BundleCase, CodeCounter, Dossier, Draft
from dossiers.models.ledgers import ClockEvent, DossierEvent, EventFeed
from dossiers.models.papers import Document, DossierPaper, Result

__all__ = [
    "BundleCase",
    "ChatAccount",
    "ClockEvent",
    "CodeCounter",
    "Document",
    "Dossier",
    "DossierEvent",
    "DossierPaper",
    "Draft",
    "EventFeed",
    "Result",
]
