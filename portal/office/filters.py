"""Filters whose choices never name a row of another unit."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.filters import RelatedFieldListFilter, SimpleListFilter
from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.common import clock
from portal.office.base import Scoped
from portal.office.names import name_column
from portal.office.standing import standing_of
from procedures.models import RuleVersion
from procedures.models.catalogue import in_force


class ScopedRelatedFilter(RelatedFieldListFilter):
    """A filter by a related row; it offers what the official may see on that row's own desk."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Any:
        """Return (key, name) of the choices in scope; none where the table has no desk."""
        related: Any = model_admin.admin_site._registry.get(field.remote_field.model)
        if not isinstance(related, Scoped):
            return []
        rows = related.visible_to(standing_of(request))
        return sorted(((row.pk, related.called(row)) for row in rows), key=lambda row: row[1])


class NamedRelatedFilter(RelatedFieldListFilter):
    """A filter by a related row, under the word that the desk has for the column."""

    def __init__(
        self,
        field: Any,
        request: HttpRequest,
        params: Any,
        model: Any,
        model_admin: Any,
        field_path: str,
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        self.title = model_admin.labels[field_path]

    def field_choices(self, field: Any, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Any:
        """Return (key, name) of all rows, as their own desk calls them, else in one's language."""
        model = field.remote_field.model
        related: Any = model_admin.admin_site._registry.get(model)
        if isinstance(related, Scoped):
            rows = related.visible_to(standing_of(request))
            names = [(row.pk, related.called(row)) for row in rows]
        else:
            names = list(model._default_manager.values_list("pk", name_column()))
        return sorted(names, key=lambda row: row[1])


class PaperKindFilter(SimpleListFilter):
    """A filter by the kind of paper, offered by the rules in force: no look over all the papers."""

    title = _("paper")
    parameter_name = "paper"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[Any, str]]:
        """Return (kind, name) of the papers that a rule watches."""
        key = "definition__paper_en" if get_language() == "en" else "definition__paper_vi"
        rules = RuleVersion.objects.filter(in_force(clock.today()))
        watched = rules.exclude(definition__credential_kind=None)
        found = watched.values_list(KT("definition__credential_kind"), KT(key))
        return sorted(set(found), key=lambda kind: kind[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the papers of the kind chosen."""
        return queryset.filter(kind=self.value()) if self.value() else queryset
