"""Procedures and rules with their versions, as documents that a person can read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from portal.common import clock
from portal.office.automatic_draft import AutomaticPresses
from portal.office.base import DeskAdmin, DeskInline
from portal.office.kept import once_a_row
from portal.office.labels import labelled
from portal.office.names import name_column
from portal.office.plain_release import PlainReleasePresses
from portal.office.procedure_release import RELEASE
from portal.office.roles import Desk
from portal.office.rule_drafting import DraftPresses
from portal.office.rule_release import ReleasePresses
from portal.office.rule_told import told
from portal.office.standing import Standing
from procedures.definition import ProcedureDefinition, RuleDefinition
from procedures.enums import VersionStatus
from procedures.models import (
    BundleVersion,
    Procedure,
    ProcedureVersion,
    Rule,
    RuleVersion,
)
from procedures.models.catalogue import in_force

_STATUSES = {VersionStatus.RELEASED.value: "success", VersionStatus.DRAFT.value: "warning"}


def reason_of(version: RuleVersion) -> str:
    """Return the rule in a sentence, in the language of the page."""
    key = "reason_en" if get_language() == "en" else "reason_vi"
    return str(version.definition.get(key) or "–")


def paper_of(version: RuleVersion) -> str:
    """Return the short name of what a rule offers or watches, in the language of the page."""
    of, key = version.definition, "paper_en" if get_language() == "en" else "paper_vi"
    return str(of.get(key) or of.get("paper_vi") or version.rule.key)


def name_of_rule(day: date) -> Coalesce:
    """Return the short name of a rule (the outer row) in the language of the page."""
    key = "paper_en" if get_language() == "en" else "paper_vi"
    versions = RuleVersion.objects.filter(rule=OuterRef("pk"))
    named = versions.annotate(name=KeyTextTransform(key, "definition"))
    current = named.filter(in_force(day)).values("name")[:1]
    return Coalesce(Subquery(current), Subquery(named.order_by("-number").values("name")[:1]))


def _offer(day: date) -> Coalesce:
    of_procedure = ProcedureVersion.objects.filter(procedure=OuterRef("procedure"))
    of_bundle = BundleVersion.objects.filter(bundle=OuterRef("bundle"))
    return Coalesce(
        Subquery(of_procedure.filter(in_force(day)).values(name=name_column())[:1]),
        Subquery(of_bundle.filter(in_force(day)).values(name=name_column())[:1]),
    )


def _bound(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "…"


class VersionPage:
    """What versions of procedures and rules have in common."""

    @labelled(_("status"), ordering="status", label=_STATUSES)
    def status_label(self, row: Any) -> tuple[str, str]:
        """Return the status as a coloured word."""
        return row.status, row.get_status_display()

    @admin.display(description=_("in force"), ordering="valid")
    def period(self, row: Any) -> str:
        """Return the first day, and the day on which the version ends; a draft has none yet."""
        if row.status == VersionStatus.DRAFT and row.valid.upper is None:
            return gettext("from its release on")
        if row.valid.isempty:
            return gettext("replaced on its first day")
        return f"{_bound(row.valid.lower)} – {_bound(row.valid.upper)}"

    @admin.display(description=_("definition"))
    @once_a_row
    def document(self, row: Any) -> SafeString:
        """Return the definition as a document."""
        return render_version(row)


def render_version(version: ProcedureVersion | RuleVersion) -> SafeString:
    """Return the definition of a version as HTML, values escaped."""
    if isinstance(version, RuleVersion):
        rule = RuleDefinition.from_json(version.definition)
        return render_to_string("office/rule_definition.html", told(rule))
    definition = ProcedureDefinition.from_json(version.definition)
    context = {"procedure": definition, "day": clock.today()}
    return render_to_string("office/procedure_definition.html", context)


class ProcedureVersionInline(VersionPage, DeskInline):
    model = ProcedureVersion
    desk = Desk.CATALOGUE
    joined = ("written_by", "released_by")
    show_change_link = True
    tab = True
    fields = ("number", "name_vi", "status", "period", "written_by", "released_by")
    readonly_fields = ("period",)


@admin.register(Procedure)
class ProcedureDesk(AutomaticPresses, DeskAdmin):
    desk = Desk.CATALOGUE
    ordering = ("code",)
    list_display = ("named", "code", "versions_known")
    search_fields = ("code", "key", "versions__name_vi")
    fields = ("named", ("code", "key"), "in_force")
    readonly_fields = ("named", "in_force")
    inlines = (ProcedureVersionInline,)

    def visible_to(self, standing: Standing) -> QuerySet[Any]:
        """Return procedures with the name of the version in force."""
        of_procedure = ProcedureVersion.objects.filter(procedure=OuterRef("pk"))
        current = of_procedure.filter(in_force(standing.day)).values(name=name_column())[:1]
        last = of_procedure.order_by("-number").values("number")[:1]
        rows: QuerySet[Any] = (
            super()
            .visible_to(standing)
            .annotate(name_now=Subquery(current), last_number=Subquery(last))
        )
        return rows

    def called(self, row: Any) -> str:
        """Return its name and its code."""
        return f"{self.named(row)} · {row.code}"

    @admin.display(description=_("name"), ordering="name_now")
    def named(self, row: Any) -> str:
        """Return the name of the version in force."""
        return str(row.name_now or row.key)

    @admin.display(description=_("latest version"), ordering="last_number")
    def versions_known(self, row: Any) -> str:
        """Return the number of the latest version."""
        return f"v{row.last_number}" if row.last_number else "–"

    @admin.display(description=_("in force today"))
    @once_a_row
    def in_force(self, row: Procedure) -> SafeString | str:
        """Return today's version as a document."""
        version = ProcedureVersion.objects.filter(in_force(clock.today()), procedure=row).first()
        return render_version(version) if version else "–"


@admin.register(ProcedureVersion)
class ProcedureVersionDesk(PlainReleasePresses, VersionPage, DeskAdmin):
    desk = Desk.CATALOGUE
    release = RELEASE
    joined = ("procedure", "written_by", "released_by")
    list_display = ("name_vi", "number", "status_label", "period")
    list_filter = ("status",)
    search_fields = ("name_vi", "procedure__code")
    fieldsets = (
        (None, {"fields": (("name_vi", "name_en"), ("number", "status", "period"), "document")}),
        (_("Four eyes"), {"fields": (("written_by", "released_by", "released_at"),)}),
    )
    readonly_fields = ("period", "document")

    class Media:
        css = {"all": ["office/rules.css"]}


class RuleVersionInline(VersionPage, DeskInline):
    model = RuleVersion
    desk = Desk.CATALOGUE
    joined = ("written_by", "released_by")
    show_change_link = True
    tab = True
    fields = ("number", "status", "period", "written_by", "released_by")
    readonly_fields = ("period",)


@admin.register(Rule)
class RuleDesk(DraftPresses, ReleasePresses, DeskAdmin):
    desk = Desk.CATALOGUE
    joined = ("procedure", "bundle")
    list_display = ("named", "kind", "offered", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("key", "procedure__code", "versions__definition__paper_vi")
    fields = (
        "named",
        ("key", "kind"),
        ("is_active", "daily_quota"),
        ("procedure", "bundle"),
        "in_force",
    )
    readonly_fields = ("named", "in_force")
    inlines = (RuleVersionInline,)

    class Media:
        css = {"all": ["office/rules.css"]}

    def visible_to(self, standing: Standing) -> QuerySet[Any]:
        """Return rules with their names: of the version in force, else of the newest."""
        day = standing.day
        rows: QuerySet[Any] = (
            super().visible_to(standing).annotate(name_now=name_of_rule(day), offer=_offer(day))
        )
        return rows

    def called(self, row: Any) -> str:
        """Return what people call the rule."""
        return self.named(row)

    @admin.display(description=_("name"), ordering="name_now")
    def named(self, row: Any) -> str:
        """Return what people call the rule."""
        return str(row.name_now or row.key)

    @admin.display(description=_("offers"), ordering="offer")
    def offered(self, row: Any) -> str:
        """Return the name of the procedure or bundle that it offers."""
        return str(row.offer or row.procedure or row.bundle or "–")

    @admin.display(description=_("in force today"))
    @once_a_row
    def in_force(self, row: Rule) -> SafeString | str:
        """Return today's version as a document."""
        version = RuleVersion.objects.filter(in_force(clock.today()), rule=row).first()
        return render_version(version) if version else "–"


@admin.register(RuleVersion)
class RuleVersionDesk(DraftPresses, ReleasePresses, VersionPage, DeskAdmin):
    desk = Desk.CATALOGUE
    joined = ("rule", "written_by", "released_by")
    list_display = ("rule_named", "number", "status_label", "period")
    list_filter = ("status",)
    search_fields = ("rule__key",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("rule", "number"),
                    ("status", "period"),
                    "audience_percent",
                    "document",
                )
            },
        ),
        (None, {"fields": ("changes",)}),
        (_("Four eyes"), {"fields": (("written_by", "released_by"), "released_at")}),
    )
    readonly_fields = ("period", "document", "changes")
    labels = {"rule": _("rule")}

    class Media:
        css = {"all": ["office/rules.css"]}

    def called(self, row: RuleVersion) -> str:
        """Return what the rule offers or watches, and the number of the version."""
        return f"{paper_of(row)} (v{row.number})"

    @admin.display(description=_("rule"), ordering="rule__key")
    def rule_named(self, row: RuleVersion) -> str:
        """Return what the rule offers or watches, with the key by which files name it."""
        return f"{paper_of(row)} · {row.rule}"
