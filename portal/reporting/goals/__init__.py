"""What the programme set itself as goals: definitions as data, counts from time stamps."""

from __future__ import annotations
