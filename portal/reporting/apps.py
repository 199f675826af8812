from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Figures and the forecast; an app with its own tables, above dossiers and below the pages."""

    name = "portal.reporting"
    label = "reporting"

    def import_models(self) -> None:
        """Read the tables of the subjects too: each lies beside what is done with it."""
        super().import_models()
        for subject in ("overdue", "quality", "feedback", "reports", "integration", "simplifying"):
            import_module(f"{self.name}.{subject}.models")
