"""Units and agencies: where things are decided."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from citizens.models import Agency, Unit
from portal.office.base import DeskAdmin
from portal.office.filters import ScopedRelatedFilter
from portal.office.roles import Desk


@admin.register(Unit)
class UnitDesk(DeskAdmin):
    """The official's own units, those of the past included."""

    desk = Desk.PLACES
    unit_paths = ("pk",)
    joined = ("parent",)
    list_display = ("name_vi", "code", "kind", "zone", "valid_from", "valid_to")
    list_filter = ("kind", "zone")
    search_fields = ("name_vi", "name_en", "code")
    fieldsets = (
        (None, {"fields": (("name_vi", "name_en"), ("code", "kind", "zone"), "valid")}),
        (_("Place"), {"fields": (("longitude", "latitude", "area_km2"),)}),
    )

    @admin.display(description=_("since"))
    def valid_from(self, row: Unit) -> str:
        """Return the first day of the unit."""
        return f"{row.valid.lower:%d/%m/%Y}" if row.valid.lower else "–"

    @admin.display(description=_("until"))
    def valid_to(self, row: Unit) -> str:
        """Return the day on which the unit ceased, which is no longer one of its days."""
        return f"{row.valid.upper:%d/%m/%Y}" if row.valid.upper else "–"


@admin.register(Agency)
class AgencyDesk(DeskAdmin):
    desk = Desk.PLACES
    unit_paths = ("unit",)
    joined = ("unit", "kind")
    list_display = ("name_vi", "code", "kind", "unit")
    list_filter = ("kind", ("unit", ScopedRelatedFilter))
    search_fields = ("name_vi", "code")
    fields = (("name_vi", "code"), ("kind", "unit"), "address", "valid")
