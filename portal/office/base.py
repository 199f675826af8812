"""The base of every desk in the admin: an official sees what was granted, and it is logged.

Read-only unless a desk says otherwise, and nothing is ever deleted here. Django's permission tables
are not asked: `portal.office.roles` says who opens which desk, standing grants say where.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.contrib.admin import ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin, TabularInline

from citizens.enums import ViewPurpose
from portal.office.access import log_people_shown
from portal.office.names import Renamed
from portal.office.paging import ListPaginator, found_once
from portal.office.reach import of_parties
from portal.office.roles import SEES, Desk
from portal.office.standing import Standing, standing_of


class Scoped:
    """Rows of one desk, limited to the units of whoever asks.

    `unit_paths` are look-ups from a row to its units, any of which admits it; `party_path` is the
    one to the party whose unit admits it. Neither marks rows without a place (the catalogue), which
    everyone who opens the desk may see.
    `people_paths` are the attributes of a row that hold keys of parties shown with it; `joined` are
    the tables read with every row; `labels` are words for columns that have none in the table.
    """

    desk: ClassVar[Desk]
    unit_paths: ClassVar[tuple[str, ...]] = ()
    party_path: ClassVar[str] = ""
    joined: ClassVar[tuple[str, ...]] = ()
    people_paths: ClassVar[tuple[str, ...]] = ()
    is_editable: ClassVar[bool] = False
    labels: ClassVar[Mapping[str, Any]] = {}
    model: type[Model]

    @classmethod
    def has_place(cls) -> bool:
        """Return whether rows belong to units, so that not everyone sees all of them."""
        return bool(cls.unit_paths or cls.party_path)

    def called(self, row: Any) -> str:
        """Return what people call a row: the heading of its page, a choice of a filter."""
        return str(row)

    def visible_to(self, standing: Standing) -> QuerySet[Any]:
        """Return the rows that the official may see: none without a grant for this desk."""
        rows: QuerySet[Any] = self.model._default_manager.all()
        if self.joined:
            rows = rows.select_related(*self.joined)
        if not standing.sees(self.desk):
            return rows.none()
        if standing.everywhere or not self.has_place():
            return rows
        if self.party_path:
            return of_parties(rows, self.party_path, standing, SEES[self.desk])
        units = standing.units_of(self.desk).values("pk")
        here = Q()
        for path in self.unit_paths:
            here |= Q(**{f"{path}__in": units})
        return rows.filter(here)

    def people_of(self, rows: Iterable[Any]) -> set[int]:
        """Return the keys of all parties that these rows show."""
        if not self.people_paths:
            return set()
        found = {_followed(row, path) for row in rows for path in self.people_paths}
        return {key for key in found if key is not None}

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return whether the desk is open to the official."""
        return standing_of(request).sees(self.desk)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the desk is open; which rows are there is decided by `visible_to`."""
        return standing_of(request).sees(self.desk)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether rows of this table are edited at all, and by a role of this official."""
        return self.is_editable and standing_of(request).edits(self.desk)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the official may add a row."""
        return self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: rows end by date or by a further row, nothing is deleted."""
        return False


class DeskAdmin(Scoped, ModelAdmin):
    """Base of every ModelAdmin of the desk; `fields_logged` are the data of people on its pages."""

    fields_logged: ClassVar[tuple[str, ...]] = ("full_name",)
    purpose: ClassVar[ViewPurpose] = ViewPurpose.SUPPORT

    paginator = ListPaginator
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_filter_sheet = False
    list_fullwidth = True
    list_disable_select_all = True
    compressed_fields = True
    actions: Sequence[Any] = ()

    # ------------------------------------------------------------------ scope
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return what the official may see, in order: every page and action starts here."""
        rows = self.visible_to(standing_of(request))
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow the desk's own filters only: others could probe what is not shown (F34)."""
        declared = {_filtered_path(entry) for entry in self.get_list_filter(request)}
        return any(lookup == path or lookup.startswith(f"{path}__") for path in declared if path)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search as the desk says (`search_by`), else by `search_fields`; always in scope."""
        term = search_term.strip()
        own = self.search_by(queryset, term) if term else queryset
        if own is not None:
            return (found_once(queryset, own).rows if term else own), False
        found: tuple[QuerySet[Any], bool] = super().get_search_results(
            request, queryset, search_term
        )
        return found

    def search_by(self, rows: QuerySet[Any], term: str) -> QuerySet[Any] | None:
        """Return the rows that match `term` in the desk's own way, or None for `search_fields`."""
        return None

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        """Offer, and accept, only related rows that the official may see (F35)."""
        related = self.admin_site._registry.get(db_field.remote_field.model)
        if isinstance(related, Scoped):
            kwargs.setdefault("queryset", related.visible_to(standing_of(request)))
        else:
            kwargs.setdefault("queryset", db_field.remote_field.model._default_manager.none())
        field: ModelChoiceField[Any] | None = super().formfield_for_foreignkey(
            db_field, request, **kwargs
        )
        return field

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form, its columns in the desk's words."""
        return super().get_form(request, obj, change, labels=self.labels, **kwargs)

    # ------------------------------------------------------------------ log of views
    def log_rows(
        self, request: HttpRequest, rows: Iterable[Any], besides: Collection[int] = ()
    ) -> None:
        """Record one view of everyone on these rows, and of the people `besides` them."""
        log_people_shown(
            request,
            people={*self.people_of(rows), *besides},
            fields=self.fields_logged,
            purpose=self.purpose,
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list, its people logged."""
        response: HttpResponse = super().changelist_view(request, extra_context)
        context: dict[str, Any] = getattr(response, "context_data", None) or {}
        listed: ChangeList | None = context.get("cl")
        if listed is not None:
            self.log_rows(request, listed.result_list)
        return response

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one row, its people logged."""
        response: HttpResponse = super().changeform_view(
            request,
            object_id,
            form_url,
            {"show_save_and_add_another": False, **(extra_context or {})},
        )
        context: dict[str, Any] = getattr(response, "context_data", None) or {}
        if context.get("original") is not None:
            below = _people_below(context.get("inline_admin_formsets", ()))
            self.log_rows(request, [context["original"]], besides=below)
        return self._under_its_name(response)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what was changed on a row, its people logged."""
        response: HttpResponse = super().history_view(request, object_id, extra_context)
        context: dict[str, Any] = getattr(response, "context_data", None) or {}
        if context.get("object") is not None:
            self.log_rows(request, [context["object"]])
        return self._under_its_name(response)

    def _under_its_name(self, response: HttpResponse) -> HttpResponse:
        """Head the page of a row, not rendered yet, with what people call the row."""
        context: dict[str, Any] = getattr(response, "context_data", None) or {}
        for key in {"original", "object"} & context.keys():
            row = context[key]
            if row is None:
                continue
            name = self.called(row)
            context[key] = Renamed(row, name)
            for heading in {"title", "subtitle"} & context.keys():
                context[heading] = str(context[heading] or "").replace(str(row), name)
        return response


class DeskInline(Scoped, TabularInline):
    """Rows under a row: read-only, of a parent that the official may see."""

    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = False
    hide_title = True
    tab = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows that the official may see; Django narrows them to the parent's."""
        return self.visible_to(standing_of(request))

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        """Return the rows' forms, their columns in the desk's words."""
        return super().get_formset(request, obj, labels=self.labels, **kwargs)


def _filtered_path(entry: Any) -> str:
    """Return the look-up path of a `list_filter` entry, or a custom filter's parameter."""
    head = entry[0] if isinstance(entry, (tuple, list)) else entry
    if isinstance(head, str):
        return head
    return str(getattr(head, "parameter_name", ""))


def _people_below(formsets: Iterable[Any]) -> set[int]:
    """Return the parties that the inlines of a page show."""
    found: set[int] = set()
    for formset in formsets:
        rows = [form.instance for form in formset.formset.initial_forms]
        found |= formset.opts.people_of(rows)
    return found


def _followed(row: Any, path: str) -> int | None:
    for name in path.split("__"):
        row = getattr(row, name, None)
        if row is None:
            return None
    return int(row)
