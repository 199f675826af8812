"""Django's admin with our site as the default one, so that a desk registers without naming it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class OfficeAdminConfig(SimpleAdminConfig):
    """`django.contrib.admin.site` is the officials' desk.

    portal.urls fills it: a worker, a clock and a dispatcher answer no requests, and start in less
    than half the time without the office's pages.
    """

    default_site = "portal.admin_site.OfficeSite"

    def ready(self) -> None:
        """Register Django's checks of the admin; the desks are there before anything looks."""
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(_desks_are_whole, checks.Tags.admin)


def _desks_are_whole(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    import_module(settings.ROOT_URLCONF)
    return check_admin_app(app_configs, **kwargs)
