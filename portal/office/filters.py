"""Filters whose choices never name a row of another unit."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.filters import RelatedFieldListFilter
from django.http import HttpRequest

from portal.office.base import Scoped
from portal.office.standing import standing_of


class ScopedRelatedFilter(RelatedFieldListFilter):
    """A filter by a related row; it offers what the official may see on that row's own desk."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: ModelAdmin[Any]
    ) -> list[tuple[Any, str]]:
        """Return (key, name) of the choices in scope; none where the table has no desk."""
        related = model_admin.admin_site._registry.get(field.remote_field.model)
        if not isinstance(related, Scoped):
            return []
        rows = related.visible_to(standing_of(request))
        return [(row.pk, str(row)) for row in rows]
