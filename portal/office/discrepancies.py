"""Values in doubt: the list with due dates, the export, and the way to each case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import chain
from typing import Any, cast

from django.contrib import admin
from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from citizens.enums import DiscrepancyState, ViewPurpose
from citizens.models import Discrepancy
from citizens.selectors import working_calendar
from citizens.selectors.readable import column_label
from dossiers.sla import soon_until
from portal.common.masking import mask_name
from portal.office import case_page
from portal.office.base import DeskAdmin
from portal.office.filters import ScopedRelatedFilter
from portal.office.labels import labelled
from portal.office.names import SUBJECT_TABLES, party_name, through
from portal.office.roles import Desk
from portal.office.standing import Standing, standing_of
from portal.office.table_files import listed, table_file

MOST_EXPORTED = 10_000
_STATES = {
    DiscrepancyState.OPEN.value: "info",
    DiscrepancyState.CORRECTED.value: "success",
    DiscrepancyState.UPHELD.value: "default",
    DiscrepancyState.WITHDRAWN.value: "default",
}


@admin.register(Discrepancy)
class DiscrepancyDesk(DeskAdmin):
    """Cases of the official's offices; values stand on a case's own page, never in the list."""

    desk = Desk.DISCREPANCIES
    unit_paths = ("owner__unit",)
    people_paths = ("subject_id",)
    joined = (*through("subject", SUBJECT_TABLES), "register", "other_register", "owner")
    purpose = ViewPurpose.DATA_QUALITY
    fields_logged = ("full_name", "field", "register")
    ordering = (Case(When(state=DiscrepancyState.OPEN, then=0), default=1), "due_on", "pk")
    list_display = ("field", "person", "kind", "register", "owner", "due", "state_label")
    list_filter = ("state", "kind", "register", ("owner", ScopedRelatedFilter))
    search_fields = ("subject__citizen__name_fold",)
    search_help_text = gettext_lazy("Name of the person, accents or not")
    fields = ("field", "kind", "register", "owner", "due_on", "state")
    readonly_fields = ("field",)
    list_before_template = "office/parts/case_figures.html"

    def visible_to(self, standing: Standing) -> QuerySet[Any]:
        """Return cases in scope, each with how pressing it is (`pressing`)."""
        rows: QuerySet[Any] = (
            super().visible_to(standing).annotate(pressing=_pressing(standing.day))
        )
        return rows

    def search_by(self, rows: QuerySet[Any], term: str) -> QuerySet[Any]:
        """Return cases about people with every word of the name."""
        return case_page.named(rows, term)

    def get_urls(self) -> list[URLPattern]:
        """Add the export, and what the buttons of a case's page do."""
        guarded = self.admin_site.admin_view
        own = [
            path("export/", guarded(self.export), name="citizens_discrepancy_export"),
            path(
                "<int:key>/settle/",
                guarded(case_page.settle),
                name="citizens_discrepancy_settle",
            ),
            path(
                "<int:key>/hand-over/",
                guarded(case_page.hand_over),
                name="citizens_discrepancy_hand_over",
            ),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list under its figures."""
        figures = _figures(self.get_queryset(request), standing_of(request).day)
        exported = request.GET.urlencode()
        shown = {"figures": figures, "export_query": exported, **(extra_context or {})}
        return super().changelist_view(request, shown)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a case on the page where it is decided; those of other offices do not exist."""
        if self.get_object(request, object_id) is None:
            missing: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return missing
        return case_page.show(request, object_id)

    def export(self, request: HttpRequest) -> HttpResponse:
        """Give the list as it is filtered, as a file: names shortened, values left out."""
        rows = listed(self, request)[:MOST_EXPORTED]
        found = list(cast("QuerySet[Discrepancy]", rows))
        self.log_rows(request, found)
        return table_file(request, "thong-tin-chua-khop", chain([_HEADINGS], map(_cells, found)))

    @admin.display(description=gettext_lazy("field"))
    def field(self, row: Discrepancy) -> str:
        """Return what is in doubt."""
        return column_label(row.table, row.column)

    def called(self, row: Discrepancy) -> str:
        """Return what is in doubt, and of whom."""
        return f"{self.field(row)} · {self.person(row)}"

    @admin.display(description=gettext_lazy("whose"))
    def person(self, row: Discrepancy) -> str:
        """Return whom it is about."""
        return party_name(row.subject)

    @labelled(
        gettext_lazy("answer due on"),
        ordering="due_on",
        label={"late": "danger", "soon": "warning", "calm": "info", "ended": "default"},
    )
    def due(self, row: Any) -> tuple[str, str]:
        """Return the due date with how pressing it is, in a word and a colour."""
        word = _WORDS.get(row.pressing)
        return row.pressing, f"{row.due_on:%d/%m/%Y}" + (f" · {word}" if word else "")

    @labelled(gettext_lazy("state"), ordering="state", label=_STATES)
    def state_label(self, row: Discrepancy) -> tuple[str, str]:
        """Return the state as a coloured word."""
        return row.state, row.get_state_display()


_WORDS = {"late": gettext_lazy("overdue"), "soon": gettext_lazy("soon due")}
_HEADINGS = (
    gettext_lazy("field"),
    gettext_lazy("whose"),
    gettext_lazy("kind"),
    gettext_lazy("register"),
    gettext_lazy("stated by"),
    gettext_lazy("who settles it"),
    gettext_lazy("opened on"),
    gettext_lazy("answer due on"),
    gettext_lazy("state"),
)


def _cells(row: Discrepancy) -> Iterable[object]:
    return (
        column_label(row.table, row.column),
        mask_name(party_name(row.subject)),
        row.get_kind_display(),
        row.register_id,
        row.other_register_id or "",
        row.owner.name_vi,
        f"{row.opened_on:%d/%m/%Y}",
        f"{row.due_on:%d/%m/%Y}",
        row.get_state_display(),
    )


def _figures(rows: QuerySet[Any], day: date) -> dict[str, int]:
    """Return how many cases are open, and how many of them past their date (one query)."""
    is_open = Q(state=DiscrepancyState.OPEN)
    found: dict[str, int] = rows.order_by().aggregate(
        open=Count("pk", filter=is_open), overdue=Count("pk", filter=is_open & Q(due_on__lt=day))
    )
    return found


def _pressing(day: date) -> Case:
    """Return the condition that names how a case stands against its due date on `day`."""
    near = soon_until(day, working_calendar())
    return Case(
        When(~Q(state=DiscrepancyState.OPEN), then=Value("ended")),
        When(due_on__lt=day, then=Value("late")),
        When(due_on__lte=near, then=Value("soon")),
        default=Value("calm"),
        output_field=CharField(),
    )
