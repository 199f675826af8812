"""Tables of the catalogue and of the suggestion, one file a subject."""

from __future__ import annotations

from procedures.models.catalogue import (
    Bundle,
    BundleVersion,
    Procedure,
    ProcedureVersion,
    Rule,
    RuleVersion,
)
from procedures.models.programmes import Programme, ProgrammeStep, Recording, RecordingPiece
from procedures.models.release import RehearsalRun, RuleStep
from procedures.models.runs import ScanRun, ScanRunRule
from procedures.models.suggestions import OpenMatter, Recipient, Suggestion

__all__ = [
    "Bundle",
    "BundleVersion",
    "OpenMatter",
    "Procedure",
    "ProcedureVersion",
    "Programme",
    "ProgrammeStep",
    "Recipient",
    "Recording",
    "RecordingPiece",
    "RehearsalRun",
    "Rule",
    "RuleStep",
    "RuleVersion",
    "ScanRun",
    "ScanRunRule",
    "Suggestion",
]
