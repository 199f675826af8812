from __future__ import annotations

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The officials' desk; `portal.office.admin` is what Django's admin finds here."""

    name = "portal.office"
    label = "office"
