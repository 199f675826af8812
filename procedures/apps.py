from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProceduresConfig(AppConfig):
    """The catalogue, the rules, the detection, the prefill, the suggestion."""

    name = "procedures"
    verbose_name = _("Procedures and suggestions")
    default_auto_field = "django.db.models.BigAutoField"
