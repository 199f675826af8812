"""Simplifications of procedures: what was dropped since when, and what complying costs."""

from __future__ import annotations
