"""Views: thin. They ask selectors and services, and hand presenters' values to templates."""

from __future__ import annotations
