"""Talking with other systems: chats for now."""

from __future__ import annotations
