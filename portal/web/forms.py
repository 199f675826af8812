"""The form that asks what nobody knows, under the name by which the pages call it."""

from __future__ import annotations

from procedures.prefill.asking import MissingForm

__all__ = ["MissingForm"]
