"""What a version of the catalogue says, as checked plain data: no framework, clock or database."""

from __future__ import annotations

from procedures.definition.credential import (
    AfterExpiry,
    AgeBand,
    ClassTerm,
    CredentialDefinition,
    RenewWindow,
    Validity,
)
from procedures.definition.parts import (
    PSEUDO_REGISTERS,
    CompetentAgency,
    Component,
    Fee,
    FormField,
    Limit,
    Processing,
)
from procedures.definition.plain import digest
from procedures.definition.procedure import NamedPaper, ProcedureDefinition, Trigger
from procedures.definition.reading import DefinitionError, Problem
from procedures.definition.rule import RuleDefinition, Window

__all__ = [
    "PSEUDO_REGISTERS",
    "AfterExpiry",
    "AgeBand",
    "ClassTerm",
    "CompetentAgency",
    "Component",
    "CredentialDefinition",
    "DefinitionError",
    "Fee",
    "FormField",
    "Limit",
    "NamedPaper",
    "Problem",
    "ProcedureDefinition",
    "Processing",
    "RenewWindow",
    "RuleDefinition",
    "Trigger",
    "Validity",
    "Window",
    "digest",
]
