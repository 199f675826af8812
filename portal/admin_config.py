"""Django's admin with our site as the default one, so that a desk registers without naming it."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class OfficeAdminConfig(AdminConfig):
    """`django.contrib.admin.site` is the officials' desk."""

    default_site = "portal.admin_site.OfficeSite"
