"""Figures about the work: what is due, what is to be expected, and whether it can be done."""

from __future__ import annotations
