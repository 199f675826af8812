"""Addresses of the citizens' and public pages; the gallery only outside production."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/", include("django.conf.urls.i18n")),
]

if settings.SETTINGS_MODULE != "portal.settings.production":
    urlpatterns.append(path("gallery/", include("portal.web.gallery")))
