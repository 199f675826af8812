"""The desk of data-subject requests: the queue by both clocks, and the steps with confirmation."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import DateField, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from citizens.enums import DataRequestKind, DataRequestState, ViewPurpose
from citizens.models import DataRequest
from citizens.workflow import RequestAction, request_code
from dossiers.enums import ClockColour
from portal.common import clock
from portal.office.access import log_people_shown
from portal.office.base import DeskAdmin
from portal.office.clock_colours import SIGNS
from portal.office.filters import ScopedRelatedFilter
from portal.office.labels import labelled
from portal.office.names import named_like
from portal.office.request_clocks import NEXT_DUE_ON, SHOWN, Hand, RequestDay, day_of
from portal.office.request_export import requests_file
from portal.office.request_steps import STEPS, effect_of, open_actions, presses, take
from portal.office.roles import Desk
from portal.office.standing import Standing

OPEN, TODAY = "open", "today"
_TONES = {
    ClockColour.LATE.value: "danger",
    ClockColour.SOON.value: "warning",
    ClockColour.ON_TIME.value: "success",
    ClockColour.ENDED.value: "neutral",
}
_STATES = {
    DataRequestState.RECEIVED.value: "warning",
    DataRequestState.ANSWERED.value: "info",
    DataRequestState.DONE.value: "success",
    DataRequestState.REFUSED.value: "neutral",
    DataRequestState.CANCELLED.value: "neutral",
}
# What an official calls the kinds; the labels of the table are the citizen's own words.
_KINDS = {
    DataRequestKind.ACCESS: pgettext_lazy("request", "Access"),
    DataRequestKind.COPY: pgettext_lazy("request", "Copy"),
    DataRequestKind.CORRECT: pgettext_lazy("request", "Correction"),
    DataRequestKind.RESTRICT: pgettext_lazy("request", "Restriction"),
    DataRequestKind.OBJECT: pgettext_lazy("request", "Objection"),
    DataRequestKind.WITHDRAW: pgettext_lazy("request", "Withdrawal of consent"),
}


class ClockFilter(admin.SimpleListFilter):
    """Requests by the colour of the clock that presses more."""

    title = _("By clock")
    parameter_name = "clock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return what the figures count, then the colours with their words."""
        colours = [(colour.value, SIGNS[colour][0]) for colour in SHOWN]
        return [(OPEN, _("All open")), (TODAY, _("To be answered today")), *colours]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the requests chosen."""
        day, wanted = day_of(request), self.value()
        conditions = {OPEN: day.is_open, TODAY: day.is_due_for_answer}
        conditions |= {colour.value: day.condition(colour) for colour in SHOWN}
        return queryset.filter(conditions[wanted]) if wanted in conditions else queryset


@admin.register(DataRequest)
class DataRequestDesk(DeskAdmin):
    """Requests to the agencies of the official's units, the most pressing first."""

    desk = Desk.DATA_REQUESTS
    unit_paths = ("owner__unit",)
    people_paths = ("citizen_id",)
    joined = ("citizen", "owner__unit", "requested_by", "handled_by")
    fields_logged = ("full_name", "data_request", "state")
    purpose = ViewPurpose.SUPPORT
    ordering = (NEXT_DUE_ON.asc(nulls_last=True), "-received_on", "-pk")
    list_display = (
        "code", "citizen_named", "kind_named", "state_label", "answer_clock", "act_clock", "place",
    )  # fmt: skip
    list_filter = (ClockFilter, "kind", "state", ("owner", ScopedRelatedFilter))
    search_fields = ("citizen__name_fold",)
    search_help_text = _("Name, accents or not")
    list_before_template = "office/parts/request_figures.html"
    change_form_outer_before_template = "office/parts/request_actions.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("citizen_named", "sent_by"),
                    ("kind_named", "state"),
                    "asked",
                    "answered",
                )
            },
        ),
        (
            _("Clocks"),
            {
                "fields": (
                    ("received_on", "owner"),
                    ("answered_at", "finished_at"),
                    ("is_extended", "extension_reason"),
                    "handled",
                )
            },
        ),
    )
    readonly_fields = ("citizen_named", "kind_named", "asked", "answered", "sent_by", "handled")

    # ------------------------------------------------------------------ rows
    def visible_to(self, standing: Standing) -> QuerySet[Any]:
        """Return the requests in scope, each with the day that counts next."""
        rows: QuerySet[Any] = super().visible_to(standing).annotate(next_due_on=NEXT_DUE_ON)
        return rows

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the requests in scope and order, each with the day that counts as soon today."""
        soon = Value(day_of(request).soon, DateField())
        rows: QuerySet[Any] = super().get_queryset(request).annotate(soon_on=soon)
        return rows

    def search_by(self, rows: QuerySet[Any], term: str) -> QuerySet[Any]:
        """Return requests of people with every word of the name."""
        return named_like(rows, "citizen__name_fold", term)

    def log_rows(
        self, request: HttpRequest, rows: Iterable[Any], besides: Collection[int] = ()
    ) -> None:
        """Record one view; a single request is named by its code."""
        shown = list(rows)
        log_people_shown(
            request,
            people={*self.people_of(shown), *besides},
            fields=self.fields_logged,
            purpose=self.purpose,
            reference=request_code(shown[0].public_id) if len(shown) == 1 else "",
        )

    @admin.display(description=_("code"))
    def code(self, row: DataRequest) -> SafeString:
        """Return the number by which people speak of it."""
        return format_html('<span class="queue__code">{}</span>', request_code(row.public_id))

    @admin.display(description=_("citizen"), ordering="citizen__name_sort")
    def citizen_named(self, row: DataRequest) -> str:
        """Return whose data it is about."""
        return row.citizen.full_name

    @admin.display(description=_("kind"), ordering="kind")
    def kind_named(self, row: DataRequest) -> Any:
        """Return the kind as officials call it."""
        return _KINDS[DataRequestKind(row.kind)]

    @labelled(_("state"), ordering="state", label=_STATES)
    def state_label(self, row: DataRequest) -> tuple[str, str]:
        """Return the state as a coloured word."""
        if row.state == DataRequestState.ANSWERED:
            return row.state, pgettext("request", "Being carried out")
        return row.state, row.get_state_display()

    @admin.display(description=_("unit"), ordering="owner__unit__name_vi")
    def place(self, row: DataRequest) -> str:
        """Return the commune whose People's Committee is in charge."""
        return str(row.owner.unit)

    @labelled(_("answer by"), ordering="answer_due_on", label=_TONES)
    def answer_clock(self, row: DataRequest) -> tuple[str, str]:
        """Return the clock of the answer."""
        return _told(_day_on(row).answering(row))

    @labelled(_("done by"), ordering="act_due_on", label=_TONES)
    def act_clock(self, row: DataRequest) -> tuple[str, str]:
        """Return the clock of the act."""
        return _told(_day_on(row).acting(row))

    @admin.display(description=_("what was asked"))
    def asked(self, row: DataRequest) -> str:
        """Return what the person wrote; shown on the page of one request only."""
        return row.unseal("body_enc") or "–"

    @admin.display(description=_("answer"))
    def answered(self, row: DataRequest) -> str:
        """Return what was answered."""
        return row.unseal("answer_enc") or "–"

    @admin.display(description=_("handled by"))
    def handled(self, row: DataRequest) -> str:
        """Return who took the last step of the agency."""
        return row.handled_by.display_name if row.handled_by else "–"

    @admin.display(description=_("sent by"))
    def sent_by(self, row: DataRequest) -> str:
        """Return who sent it: the person, or who acts for them."""
        return row.requested_by.display_name

    # ------------------------------------------------------------------ pages
    def get_urls(self) -> list[URLPattern]:
        """Add the file of the list and the page of each step."""
        guard = self.admin_site.admin_view
        own = [
            path("export/", guard(self.export), name="citizens_datarequest_export"),
            path(
                "<int:pk>/step/<slug:action>/", guard(self.step), name="citizens_datarequest_step"
            ),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the queue under its figures."""
        figures = day_of(request).figures(self.get_queryset(request))
        return super().changelist_view(request, {"figures": figures} | (extra_context or {}))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one request with what may be done next."""
        row = self.get_object(request, object_id) if object_id else None
        context = {"presses": presses(row, clock.today()), **_hands(row)} if row else {}
        return super().changeform_view(
            request, object_id, form_url, context | (extra_context or {})
        )

    def called(self, row: DataRequest) -> str:
        """Return the code by which people speak of it."""
        return request_code(row.public_id)

    def export(self, request: HttpRequest) -> HttpResponse:
        """Hand out the requests in scope as a file that names nobody."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return requests_file(request, self.get_queryset(request).iterator())

    def step(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        """Ask for what a step needs and whether it is meant; a POST takes it."""
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None or action not in set(RequestAction):
            raise Http404
        wanted = RequestAction(action)
        page = reverse("admin:citizens_datarequest_change", args=[pk])
        if wanted not in open_actions(row, clock.today()):
            messages.warning(request, gettext("This step is no longer open."))
            return redirect(page)
        data = request.POST if request.method == "POST" else None
        form = STEPS[wanted].form(row, data)
        if data is not None and form.is_valid() and take(request, row, wanted, form):
            return redirect(page)
        self.log_rows(request, [row])
        context = {
            "title": STEPS[wanted].heading,
            "step": STEPS[wanted],
            "row": row,
            "code": request_code(row.public_id),
            "asked": row.unseal("body_enc"),
            "form": form,
            "page": page,
            "effect": effect_of(row, wanted),
            **_hands(row),
        }
        shown = self.admin_site.each_context(request) | context
        status = 200 if data is None else 422
        return render(request, "office/data_request_step.html", shown, status=status)


def _told(hand: Hand) -> tuple[str, str]:
    """Return colour and words; a clock that has ended only shows its day."""
    day = f"{hand.due_on:%d/%m/%Y}"
    ended = hand.colour is ClockColour.ENDED
    return hand.colour.value, day if ended else f"{day} · {hand.word}"


def _day_on(row: Any) -> RequestDay:
    """Return the day with which the row was read."""
    return RequestDay(clock.today(), row.soon_on)


def _hands(row: DataRequest) -> dict[str, Hand]:
    day = _day_on(row)
    return {"answering": day.answering(row), "acting": day.acting(row)}
