"""What a version of the catalogue says, as checked plain data: no framework, no clock, no database."""

from __future__ import annotations

from procedures.definition.reading import DefinitionError, Problem
from procedures.definition.rule import RuleDefinition, Window

__all__ = ["DefinitionError", "Problem", "RuleDefinition", "Window"]
