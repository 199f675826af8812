from __future__ import annotations

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """The leaf kernel: clock, calendar, crypto, base models, and what the database stands on."""

    name = "portal.common"
    label = "common"
