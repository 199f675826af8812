"""What the page of a person masks, each with the way to see it in full."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from citizens.models import Citizen
from portal.common.masking import mask_pin
from portal.office.numbers import SEARCH, answer_search
from portal.office.reveal import HIDDEN, reveal
from portal.office.sensitive import may_open_sensitive
from portal.office.standing import standing_of


class Masked(ModelAdmin):
    """Adds to the desk of people: lines that lead to `reveal`, its pages, the search by number."""

    searches_numbers = True

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Answer a posted search: by number with the person's page, else with the list."""
        if request.method == "POST" and SEARCH in request.POST:
            return answer_search(
                request, request.path, lambda number: self._page_with(request, number)
            )
        shown: HttpResponse = super().changelist_view(request, extra_context)
        return shown

    def _page_with(self, request: HttpRequest, number: str) -> str | None:
        person = self.get_queryset(request).filter(pin_index=Citizen.index_of(number)).first()
        return (
            None if person is None else reverse("admin:citizens_citizen_change", args=[person.pk])
        )

    def get_urls(self) -> list[URLPattern]:
        """Add the pages that show in full what is masked here."""
        return [*(self._page_of(what) for what in HIDDEN), *super().get_urls()]

    def _page_of(self, what: str) -> URLPattern:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            person = self.get_object(request, object_id)
            if person is None:
                raise Http404
            return reveal(request, person, what)

        guarded = self.admin_site.admin_view(view)
        name = f"citizens_citizen_reveal_{what}"
        page: URLPattern = path(f"<path:object_id>/reveal/{what}/", guarded, name=name)
        return page

    def get_fieldsets(self, request: HttpRequest, obj: Citizen | None = None) -> Any:
        """Offer the sensitive data to those who may open them."""
        sets = super().get_fieldsets(request, obj)
        if obj is None or not may_open_sensitive(standing_of(request), obj):
            return sets
        return [*sets, (_("Sensitive data"), {"fields": ("sensitive_line",)})]

    @admin.display(description=_("personal number"))
    def pin_line(self, row: Citizen) -> str:
        """Return the number with its middle hidden, and the way to see it whole."""
        return self.with_way(row, mask_pin(row.pin), "personal_id") if row.pin else "–"

    @admin.display(description=_("ethnicity, religion, health, poverty"))
    def sensitive_line(self, row: Citizen) -> str:
        """Return the way to the sensitive data, which no page shows by itself."""
        return self.with_way(row, "•••", "sensitive")

    @admin.display(description=_("Why me, why not"))
    def why_line(self, row: Citizen) -> str:
        """Return the way to what each rule answers about the person."""
        way = reverse("admin:office_why_person", args=[row.party.public_id])
        return format_html('<a class="reveal" href="{}">{}</a>', way, _("What the rules answer"))

    def with_way(self, row: Citizen, shown: str, what: str) -> str:
        """Return what is shown masked with the link to the page that shows it in full."""
        way = reverse(f"admin:citizens_citizen_reveal_{what}", args=[row.pk])
        words = _("Show in full") if what == "sensitive" else _("Show the whole number")
        return format_html('{} <a class="reveal" href="{}">{}</a>', shown, way, words)
