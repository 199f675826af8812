"""The working calendar: holidays of the year, and what a decision of the state changed."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from citizens.models import Holiday, User
from citizens.services import correct_calendar
from portal.common import clock
from portal.office.base import DeskAdmin
from portal.office.labels import labelled
from portal.office.roles import Desk

_SATURDAY = 5


class HolidayForm(forms.ModelForm[Holiday]):
    """A correction: the day, what it is, and the decision that says so."""

    class Meta:
        model = Holiday
        fields = ("day", "is_working", "name_vi", "name_en", "decision")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "decision" in self.fields:
            self.fields["decision"].required = True

    def clean(self) -> dict[str, Any]:
        """Refuse what changes nothing: a weekday that works, a Sunday that does not.

        Where the calendar has a row for the day already, the plain week may be put back.
        """
        given = super().clean() or {}
        day, is_working = given.get("day"), given.get("is_working")
        if day is None:
            return given
        is_plain = bool(is_working) == (day.weekday() < _SATURDAY)
        if is_plain and not Holiday.objects.filter(day=day).exists():
            raise ValidationError(
                _("By the plain week this day is so already; nothing needs to be corrected.")
            )
        return given


@admin.register(Holiday)
class HolidayDesk(DeskAdmin):
    """Corrections win over the yearly list and stay when it is loaded again."""

    desk = Desk.CALENDAR
    list_before_template = "office/parts/calendar_moves.html"
    is_editable = True
    form = HolidayForm
    ordering = ("-day",)
    list_display = ("weekday", "name_vi", "kind", "decision", "set_by")
    list_display_links = ("weekday",)
    list_filter = ("is_working", "is_correction")
    search_fields = ("name_vi", "decision")
    fields = (("day", "is_working"), ("name_vi", "name_en"), "decision")

    @admin.display(description=_("day"), ordering="day")
    def weekday(self, row: Holiday) -> str:
        """Return the day with its name in the week."""
        return f"{_WEEKDAYS[row.day.weekday()]}, {row.day:%d/%m/%Y}"

    @labelled(_("kind"), ordering="is_working", label={"works": "info", "off": "success"})
    def kind(self, row: Holiday) -> tuple[str, Any]:
        """Return whether offices work on it, as a coloured word."""
        return ("works", _("Working day")) if row.is_working else ("off", _("Day off"))

    @admin.display(description=_("source"), ordering="is_correction")
    def set_by(self, row: Holiday) -> str:
        """Return where the row comes from."""
        return str(_("Set by an official") if row.is_correction else _("Yearly list"))

    def save_model(
        self, request: HttpRequest, obj: Holiday, form: forms.ModelForm[Holiday], change: bool
    ) -> None:
        """Save as a correction that stays; what the day was before is written down."""
        correct_calendar(row=obj, user=cast(User, request.user), now=clock.now())


_WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
