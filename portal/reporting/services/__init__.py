"""Writes of the figures, one use case a file."""

from __future__ import annotations
