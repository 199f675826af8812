"""Conditions of a rule as SQL: which facts meet them, and how each one was answered."""

from __future__ import annotations

from procedures.detection.conditions.asking import Asked, Delivered, Told
from procedures.detection.conditions.compiling import narrowed, told_of, valued
from procedures.detection.conditions.logic import cost, truth

__all__ = ["Asked", "Delivered", "Told", "cost", "narrowed", "told_of", "truth", "valued"]
