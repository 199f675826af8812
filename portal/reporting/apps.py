from __future__ import annotations

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Figures and the forecast; an app with its own tables, above dossiers and below the pages."""

    name = "portal.reporting"
    label = "reporting"
