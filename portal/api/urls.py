"""Addresses under /api/; what is none of them answers as errors do here."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.request import Request
from rest_framework.views import APIView

from portal.api import registers


class Nothing(APIView):
    """Every other address."""

    audience = "public"
    authentication_classes = []
    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Answer whatever is asked."""
        raise Http404


_BATCHES = "v1/registers/<slug:code>/batches"
pages: list[URLPattern | URLResolver] = [
    path("v1/registers", registers.Registers.as_view(), name="registers"),
    path(_BATCHES, registers.Batches.as_view(), name="batches"),
    path(f"{_BATCHES}/<uuid:public_id>", registers.OneBatch.as_view(), name="batch"),
    path(f"{_BATCHES}/<uuid:public_id>/errors", registers.Errors.as_view(), name="batch_errors"),
    re_path("", Nothing.as_view(), name="nothing"),
]
urlpatterns = [path("", include((pages, "api")))]
