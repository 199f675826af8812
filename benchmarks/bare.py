"""The least that Django answers: one view, no middleware, no database."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path


def _page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html><title>.</title>")


urlpatterns = [path("", _page)]
