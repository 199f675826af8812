"""All addresses: each room brings its own."""

from __future__ import annotations

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from portal.web import health
from portal.web.metrics import metrics
from portal.web.views.app_tokens import metadata


def _room(prefix: str, package: str) -> list[URLResolver]:
    """Return the addresses of a room that has some."""
    has_urls = find_spec(package) and find_spec(f"{package}.urls")
    return [path(prefix, include(f"{package}.urls"))] if has_urls else []


admin.autodiscover()

handler500 = "portal.web.outage.answer_to_an_error"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.process_lives, name="healthz"),
    path("readyz", health.service_is_ready, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path(".well-known/oauth-authorization-server", metadata, name="app_metadata"),
    path("admin/", admin.site.urls),
    path("accounts/", include("portal.web.account_urls")),
    *_room("api/", "portal.api"),
    *_room("", "portal.web"),
]
