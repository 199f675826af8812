"""Dossiers beyond their last day: the public list, and what leaders ask about them."""

from __future__ import annotations
