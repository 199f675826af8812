"""Bundles with their versions: steps in order, what they ask in common, what is to be confirmed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from citizens.models.credentials import EVENT_KINDS
from portal.common import clock
from portal.office.base import DeskAdmin, DeskInline
from portal.office.bundle_changes import KnownProcedures, compared, sentences_of
from portal.office.bundle_release import RELEASE
from portal.office.catalogue import VersionPage
from portal.office.kept import once_a_row
from portal.office.names import name_column
from portal.office.plain_release import PlainReleasePresses
from portal.office.roles import Desk
from portal.office.rule_drafting import DraftPresses
from portal.office.standing import Standing
from procedures.definition.bundle import BundleDefinition
from procedures.models import Bundle, BundleVersion
from procedures.models.catalogue import in_force
from procedures.selectors import bundle_version_in_force

_EVENTS = {str(kind): label for kind, label in EVENT_KINDS}


def render_bundle(version: BundleVersion) -> SafeString:
    """Return a version as HTML, each step with the name that its procedure has today."""
    bundle, known = BundleDefinition.from_json(version.definition), KnownProcedures.today()
    linked = known.choices.get(bundle.linked_procedure or "", bundle.linked_procedure or "")
    context = {
        "bundle": bundle,
        "event": event_named(bundle.event),
        "linked": linked,
        "sentences": sentences_of(bundle, known),
    }
    return render_to_string("office/bundle_definition.html", context)


def event_named(event: str) -> str:
    """Return an event of a life in words, or that people begin it themselves."""
    return str(_EVENTS.get(event, _("The citizen's own wish")))


class BundlePresses(PlainReleasePresses, DraftPresses):
    """What the pages of a bundle and of its versions have above the form, and what changes."""

    release = RELEASE
    compare = staticmethod(compared)


class BundleVersionInline(VersionPage, DeskInline):
    model = BundleVersion
    desk = Desk.CATALOGUE
    joined = ("written_by", "released_by")
    show_change_link = True
    tab = True
    fields = ("number", "name_vi", "status", "period", "written_by", "released_by")
    readonly_fields = ("period",)


@admin.register(Bundle)
class BundleDesk(BundlePresses, DeskAdmin):
    desk = Desk.CATALOGUE
    list_display = ("named", "key", "happening")
    search_fields = ("key", "versions__name_vi")
    fields = ("named", ("key", "happening"), "in_force")
    readonly_fields = ("named", "happening", "in_force")
    inlines = (BundleVersionInline,)

    class Media:
        css = {"all": ["office/rules.css"]}

    def visible_to(self, standing: Standing) -> QuerySet[Any]:
        """Return bundles with the name of the version in force."""
        current = BundleVersion.objects.filter(in_force(standing.day), bundle=OuterRef("pk"))
        rows: QuerySet[Any] = super().visible_to(standing)
        named: QuerySet[Any] = rows.annotate(
            name_now=Subquery(current.values(name=name_column())[:1])
        )
        return named

    def called(self, row: Any) -> str:
        """Return the name of the version in force."""
        return self.named(row)

    @admin.display(description=_("name"), ordering="name_now")
    def named(self, row: Any) -> str:
        """Return the name of the version in force."""
        return str(row.name_now or row.key)

    @admin.display(description=_("event"), ordering="event")
    def happening(self, row: Bundle) -> str:
        """Return what brings the procedures together."""
        return event_named(row.event)

    @admin.display(description=_("in force today"))
    @once_a_row
    def in_force(self, row: Bundle) -> SafeString | str:
        """Return today's version as a document."""
        version = bundle_version_in_force(bundle=row, day=clock.today())
        return render_bundle(version) if version else "–"


@admin.register(BundleVersion)
class BundleVersionDesk(BundlePresses, VersionPage, DeskAdmin):
    desk = Desk.CATALOGUE
    joined = ("bundle", "written_by", "released_by")
    list_display = ("name_vi", "number", "status_label", "period")
    list_filter = ("status",)
    search_fields = ("name_vi", "bundle__key")
    fieldsets = (
        (None, {"fields": (("name_vi", "name_en"), ("number", "status", "period"), "document")}),
        (None, {"fields": ("changes",)}),
        (_("Four eyes"), {"fields": (("written_by", "released_by", "released_at"),)}),
    )
    readonly_fields = ("period", "document", "changes")

    class Media:
        css = {"all": ["office/rules.css"]}

    @admin.display(description=_("definition"))
    @once_a_row
    def document(self, row: BundleVersion) -> SafeString:
        """Return the definition as a document."""
        return render_bundle(row)
