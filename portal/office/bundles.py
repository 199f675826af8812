"""Bundles with their versions: steps in order, what they ask in common, what is to be confirmed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from portal.common import clock
from portal.office.base import DeskAdmin, DeskInline
from portal.office.catalogue import VersionPage
from portal.office.roles import Desk
from portal.office.standing import Standing
from procedures.definition.bundle import BundleDefinition
from procedures.models import Bundle, BundleVersion, ProcedureVersion
from procedures.models.catalogue import in_force
from procedures.selectors import bundle_version_in_force


def render_bundle(version: BundleVersion) -> str:
    """Return a version as HTML, each step with the name that its procedure has today."""
    bundle = BundleDefinition.from_json(version.definition)
    held = ProcedureVersion.objects.filter(in_force(clock.today()))
    names = dict(held.values_list("procedure__code", "name_vi"))
    steps = [(step, names.get(step.procedure, "")) for step in bundle.steps]
    linked = names.get(bundle.linked_procedure or "", "")
    context = {"bundle": bundle, "steps": steps, "linked": linked}
    return render_to_string("office/bundle_definition.html", context)


class BundleVersionInline(VersionPage, DeskInline):
    model = BundleVersion
    desk = Desk.CATALOGUE
    joined = ("written_by", "released_by")
    show_change_link = True
    tab = True
    fields = ("number", "name_vi", "status", "period", "written_by", "released_by")
    readonly_fields = ("period",)


@admin.register(Bundle)
class BundleDesk(DeskAdmin):
    desk = Desk.CATALOGUE
    list_display = ("named", "key", "event")
    search_fields = ("key", "versions__name_vi")
    fields = ("named", ("key", "event"), "in_force")
    readonly_fields = ("named", "in_force")
    inlines = (BundleVersionInline,)

    def visible_to(self, standing: Standing) -> QuerySet[Any]:
        """Return bundles with the name of the version in force."""
        current = BundleVersion.objects.filter(in_force(standing.day), bundle=OuterRef("pk"))
        rows: QuerySet[Any] = super().visible_to(standing)
        named: QuerySet[Any] = rows.annotate(name_now=Subquery(current.values("name_vi")[:1]))
        return named

    @admin.display(description=_("name"), ordering="name_now")
    def named(self, row: Any) -> str:
        """Return the name of the version in force."""
        return str(row.name_now or row.key)

    @admin.display(description=_("in force today"))
    def in_force(self, row: Bundle) -> SafeString | str:
        """Return today's version as a document."""
        version = bundle_version_in_force(bundle=row, day=clock.today())
        return mark_safe(render_bundle(version)) if version else "–"  # noqa: S308 - own template


@admin.register(BundleVersion)
class BundleVersionDesk(VersionPage, DeskAdmin):
    desk = Desk.CATALOGUE
    joined = ("bundle", "written_by", "released_by")
    list_display = ("name_vi", "number", "status_label", "period")
    list_filter = ("status",)
    search_fields = ("name_vi", "bundle__key")
    fieldsets = (
        (None, {"fields": (("name_vi", "name_en"), ("number", "status", "period"), "document")}),
        (_("Four eyes"), {"fields": (("written_by", "released_by", "released_at"),)}),
    )
    readonly_fields = ("period", "document")

    @admin.display(description=_("definition"))
    def document(self, row: BundleVersion) -> SafeString:
        """Return the definition as a document."""
        return mark_safe(render_bundle(row))  # noqa: S308 - our own escaped template
