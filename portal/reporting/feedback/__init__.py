"""Feedback of people: received, assigned, answered by a day, rated; what the index counts of it."""

from __future__ import annotations
