"""The admin site of the officials' desk: who comes in, by which door, and which tables it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import LogoutView
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from unfold.sites import UnfoldAdminSite

from portal.office import (
    alerts,
    answer_texts,
    anywhere,
    automatic,
    automatic_draft,
    automatic_switches,
    between_desks,
    breaches,
    bundle_editor,
    calendar_moves,
    call_backs,
    child_number,
    counter,
    delivery,
    delivery_figures,
    digitising,
    directives,
    doors,
    dossier,
    dossier_case,
    dossier_clock,
    dossier_log,
    dossier_notes,
    dossier_papers,
    exchange,
    feedback,
    feedback_file,
    forecast,
    idle,
    issued,
    late,
    letters,
    matter_page,
    outcomes,
    payment_list,
    payments,
    procedure_release,
    programmes,
    queue,
    queue_bulk,
    queue_file,
    queue_filters,
    queue_hand_over,
    registers,
    reports,
    rule_editor,
    rule_release,
    service_list,
    simplifications,
    standing_in,
    stray_money,
    texts_pages,
    tickets,
    today,
    training,
    visits,
    waiting_room,
    why,
)
from portal.office.base import DeskAdmin
from portal.office.standing import standing_of

View = Callable[..., HttpResponse]


class LoggedAutocomplete(AutocompleteJsonView):
    """Choices for a field, in the scope of the related desk; people among them are logged."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        """Return the choices as JSON after the view was recorded."""
        response = cast(JsonResponse, super().get(request, *args, **kwargs))
        if isinstance(self.model_admin, DeskAdmin):
            self.model_admin.log_rows(request, self.shown)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Keep the rows of the page, so that they need not be read again for the log."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        self.shown = list(context["object_list"])
        return context


class OfficeSite(UnfoldAdminSite):
    """The only admin of the portal; tables without a desk of ours have no page here."""

    index_template = "office/today.html"
    enable_nav_sidebar = True
    empty_value_display = "–"

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: Any = None,
        **options: Any,
    ) -> None:
        """Take desks only: what other packages bring knows neither units nor the log."""
        if isinstance(admin_class, type) and issubclass(admin_class, DeskAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the person holds any standing grant; being an official is not enough."""
        return request.user.is_active and not standing_of(request).is_empty

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Guard a page: somebody is there, a grant, a second factor, a role that opens it."""
        guarded: View = super().admin_view(view, cacheable)

        @wraps(guarded)  # also what it says of itself: a page that takes files checks its own token
        def behind_doors(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            away = idle.sent_away(request)
            if away is not None:
                return away
            if self.has_permission(request) and _lacks_second_factor(request):
                return redirect("mfa_index")
            if self.has_permission(request) and not doors.opens(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return behind_doors

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send people without a session to the one sign-in page; refuse those without a grant."""
        enter: View = secure_admin_login(self._enter)
        return enter(request)

    def _enter(self, request: HttpRequest) -> HttpResponse:
        if not self.has_permission(request):
            raise PermissionDenied
        wanted = get_next_redirect_url(request)
        return HttpResponseRedirect(wanted or reverse("admin:index"))

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """End the session and return to the sign-in page; POST only."""
        leave = LogoutView.as_view(next_page=reverse("account_login"))
        return leave(request)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the one page where passwords are changed."""
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Answer a field that completes what is typed."""
        return cast(HttpResponse, LoggedAutocomplete.as_view(admin_site=self)(request))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what needs the official today."""
        shown: HttpResponse = super().index(
            request, today.overview(request) | (extra_context or {})
        )
        return shown

    def extra_urls(self) -> list[URLPattern]:
        """Return the pages that are no table: the queue, the dossier, the registers."""
        return [
            path("queue/", self.admin_view(queue.show_queue), name="office_queue"),
            path(
                "dossiers/<uuid:public_id>/",
                self.admin_view(dossier.show_dossier),
                name="office_dossier",
            ),
            path(
                "dossiers/<uuid:public_id>/step/",
                self.admin_view(dossier.take_step),
                name="office_dossier_step",
            ),
            *queue_filters.urls(self.admin_view),
            *dossier_notes.urls(self.admin_view),
            *answer_texts.urls(self.admin_view),
            *queue_bulk.urls(self.admin_view),
            *queue_hand_over.urls(self.admin_view),
            *queue_file.urls(self.admin_view),
            *issued.urls(self.admin_view),
            *dossier_log.urls(self.admin_view),
            *anywhere.urls(self.admin_view),
            *between_desks.urls(self.admin_view),
            *dossier_case.urls(self.admin_view),
            *child_number.urls(self.admin_view),
            *standing_in.urls(self.admin_view),
            path(
                "documents/<uuid:public_id>/",
                self.admin_view(dossier_papers.show_file),
                name="office_document",
            ),
            path(
                "dossiers/<uuid:public_id>/digitise/",
                self.admin_view(dossier_papers.digitise),
                name="office_digitise",
            ),
            *registers.urls(self.admin_view),
            *rule_release.urls(self.admin_view),
            *rule_editor.urls(self.admin_view),
            *bundle_editor.urls(self.admin_view),
            *procedure_release.urls(self.admin_view),
            *forecast.urls(self.admin_view),
            *letters.urls(self.admin_view),
            *delivery.urls(self.admin_view),
            *delivery_figures.urls(self.admin_view),
            *exchange.urls(self.admin_view),
            path(
                "matters/<uuid:public_id>/",
                self.admin_view(matter_page.show_matter),
                name="notifications_message_matter",
            ),
            *visits.urls(self.admin_view),
            *alerts.urls(self.admin_view),
            *calendar_moves.urls(self.admin_view),
            *dossier_clock.urls(self.admin_view),
            *late.urls(self.admin_view),
            *directives.urls(self.admin_view),
            *feedback.urls(self.admin_view),
            *feedback_file.urls(self.admin_view),
            *reports.urls(self.admin_view),
            *service_list.urls(self.admin_view),
            *simplifications.urls(self.admin_view),
            *breaches.urls(self.admin_view),
            *training.urls(self.admin_view),
            *outcomes.urls(self.admin_view),
            *digitising.urls(self.admin_view),
            *payment_list.urls(self.admin_view),
            *payments.urls(self.admin_view),
            *stray_money.urls(self.admin_view),
            *counter.urls(self.admin_view),
            *tickets.urls(self.admin_view),
            *waiting_room.urls(self.admin_view),
            *why.urls(self.admin_view),
            *call_backs.urls(self.admin_view),
            *automatic.urls(self.admin_view),
            *automatic_switches.urls(self.admin_view),
            *automatic_draft.urls(self.admin_view),
            *texts_pages.urls(self.admin_view),
            *programmes.urls(self.admin_view),
        ]

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Leave out the redirect by content type and key: it tells which keys exist (F34)."""
        found: list[URLPattern | URLResolver] = super().get_urls()
        return [url for url in found if getattr(url, "name", "") != "view_on_site"]


def _lacks_second_factor(request: HttpRequest) -> bool:
    return settings.OFFICE_REQUIRES_MFA and not is_mfa_enabled(request.user)
