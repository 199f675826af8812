from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CitizensConfig(AppConfig):
    """Facts about people, places, papers and events; accounts; who looked at whom."""

    name = "citizens"
    verbose_name = _("Citizens and registers")
    default_auto_field = "django.db.models.BigAutoField"
