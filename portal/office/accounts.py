"""Officials and what was granted to them: one grants, another confirms, each ends by date."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.forms import DateRangeField, RangeWidget
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminDateWidget

from citizens.models import AccessLog, Grant, Official, User
from citizens.services import confirm_grants, end_grants
from portal.common import clock
from portal.office.base import DeskAdmin, DeskInline
from portal.office.filters import ScopedRelatedFilter
from portal.office.labels import labelled
from portal.office.navigation import page_in_words
from portal.office.roles import Desk
from portal.office.standing import standing_of


class GrantInline(DeskInline):
    model = Grant
    desk = Desk.ACCOUNTS
    unit_paths = ("unit",)
    joined = ("unit", "granted_by", "confirmed_by")
    fields = ("role", "unit", "valid", "granted_by", "confirmed_by")
    verbose_name_plural = _("Grants")


@admin.register(Official)
class OfficialDesk(DeskAdmin):
    desk = Desk.ACCOUNTS
    unit_paths = ("agency__unit",)
    joined = ("user", "agency")
    ordering = ("user__display_name",)
    list_display = ("named", "username", "position", "agency", "is_active")
    list_filter = (("agency", ScopedRelatedFilter),)
    search_fields = ("user__display_name", "user__username", "position")
    fields = (("named", "username"), ("position", "agency"), ("employed", "is_active"))
    readonly_fields = ("named", "username", "is_active")
    inlines = (GrantInline,)

    @admin.display(description=_("name"), ordering="user__display_name")
    def named(self, row: Official) -> str:
        """Return the official's name."""
        return row.user.display_name

    @admin.display(description=_("sign-in name"), ordering="user__username")
    def username(self, row: Official) -> str:
        """Return the name used to sign in."""
        return row.user.username

    @admin.display(description=_("active"), boolean=True)
    def is_active(self, row: Official) -> bool:
        """Return whether the account may sign in."""
        return row.user.is_active


class PeriodWidget(RangeWidget):
    """The first day and the day after the last, each with a name of its own."""

    def __init__(self) -> None:
        super().__init__(UnfoldAdminDateWidget())
        words = (_("From"), _("Until"))
        self.widgets = [UnfoldAdminDateWidget({"aria-label": word}) for word in words]


class GrantForm(forms.ModelForm[Grant]):
    """Whom, what, where, how long; who grants is never typed in."""

    valid = DateRangeField(label=_("From – until (not included)"), widget=PeriodWidget())

    class Meta:
        model = Grant
        fields = ("official", "role", "unit", "valid")


@admin.register(Grant)
class GrantDesk(DeskAdmin):
    """Grants over the official's own units. None is edited: it is given, confirmed and ended."""

    desk = Desk.ACCOUNTS
    unit_paths = ("unit",)
    joined = ("official__user", "unit", "granted_by", "confirmed_by")
    form = GrantForm
    ordering = ("confirmed_by", "-recorded_at")
    list_display = ("official", "role", "unit", "period", "granted_by", "confirmed_label")
    list_filter = ("role", ("unit", ScopedRelatedFilter))
    search_fields = ("official__user__display_name",)
    autocomplete_fields = ("official", "unit")
    actions = ("confirm_grants", "end_grants")
    fields = ("official", "role", "unit", "valid")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False for a row; the list's actions ask `has_grants_permission`."""
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the official may grant."""
        return standing_of(request).edits(self.desk)

    def has_grants_permission(self, request: HttpRequest) -> bool:
        """Return whether the official may confirm and end grants."""
        return standing_of(request).edits(self.desk)

    def called(self, row: Grant) -> str:
        """Return who holds which role, and where."""
        return f"{row.official} · {row.get_role_display()} · {row.unit}"

    @admin.display(description=_("period"), ordering="valid")
    def period(self, row: Grant) -> str:
        """Return the first day, and the day on which the grant ends."""
        first, end = row.valid.lower, row.valid.upper
        last = f"{end:%d/%m/%Y}" if end else "…"
        return f"{first:%d/%m/%Y} –\N{NO-BREAK SPACE}{last}" if first else "…"

    @labelled(_("confirmed"), label={"yes": "success", "no": "warning"})
    def confirmed_label(self, row: Grant) -> tuple[str, Any]:
        """Return who confirmed, or that it does not count yet."""
        if row.confirmed_by is None:
            return "no", _("Waits for a second official")
        return "yes", row.confirmed_by.display_name

    def save_model(
        self, request: HttpRequest, obj: Grant, form: forms.ModelForm[Grant], change: bool
    ) -> None:
        """Save a new grant in the name of whoever is signed in; it counts once confirmed."""
        obj.granted_by = cast(User, request.user)
        super().save_model(request, obj, form, change)

    def _within_reach(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the grants over units that this official may grant for."""
        return rows.filter(unit__in=standing_of(request).units_edited(self.desk).values("pk"))

    @admin.action(description=_("Confirm as second official"), permissions=["grants"])
    def confirm_grants(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Confirm what somebody else granted to somebody else."""
        rows = self._within_reach(request, queryset)
        changed = confirm_grants(grants=rows, by=cast(User, request.user))
        self._report(request, changed, len(queryset))

    @admin.action(description=_("End today"), permissions=["grants"])
    def end_grants(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Let today be the first day on which the grants no longer hold."""
        rows = self._within_reach(request, queryset)
        changed = end_grants(grants=rows, by=cast(User, request.user), day=clock.today())
        self._report(request, changed, len(queryset))

    def _report(self, request: HttpRequest, changed: int, chosen: int) -> None:
        told = ngettext("%(count)d grant changed.", "%(count)d grants changed.", changed)
        self.message_user(request, told % {"count": changed}, messages.SUCCESS)
        if changed < chosen:
            self.message_user(
                request,
                _("The others are your own, were granted by you, or are settled already."),
                messages.WARNING,
            )


@admin.register(AccessLog)
class AccessDesk(DeskAdmin):
    """Who looked at how many people, when and why; the people themselves are not named here."""

    desk = Desk.ACCESS
    unit_paths = ("office__unit",)
    joined = ("actor", "office")
    ordering = ("-recorded_at", "-pk")
    list_display = ("recorded_at", "actor", "office", "purpose", "where", "reference", "how_many")
    list_filter = ("purpose",)
    search_fields = ("actor__display_name", "reference")
    fields = (
        ("recorded_at", "actor", "office"),
        ("purpose", "where", "reference"),
        "fields",
        "how_many",
    )
    readonly_fields = ("recorded_at", "where", "how_many")

    @admin.display(description=_("page"), ordering="page")
    def where(self, row: AccessLog) -> str:
        """Return the desk on which it was seen, in the words of the side bar."""
        return page_in_words(row.page) or row.get_purpose_display()

    @admin.display(description=_("people shown"))
    def how_many(self, row: AccessLog) -> int:
        """Return the number of people shown."""
        return len(row.subject_ids)
