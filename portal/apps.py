"""The project as an app: its commands go before Django's, its checks are registered."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The composition root."""

    name = "portal"

    def ready(self) -> None:
        """Register the checks, and the Celery app that the apps' tasks bind to."""
        from portal import celery, checks  # noqa: F401
