"""How far each service is on its way into use, and which the national portal has integrated."""

from __future__ import annotations
