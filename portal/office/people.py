"""Citizens, organisations and the papers they hold: read-only, numbers and phones masked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from citizens.enums import (
    BirthPrecision,
    ContactChannel,
    CredentialStatus,
    RelationKind,
    ViewPurpose,
)
from citizens.models import (
    Citizen,
    ContactPoint,
    Credential,
    HouseholdMember,
    Organisation,
    Relation,
)
from citizens.selectors.sensitive import SENSITIVE_PAPERS
from portal.common.masking import mask_phone, mask_pin
from portal.office.base import DeskAdmin, DeskInline
from portal.office.filters import NamedRelatedFilter, PaperKindFilter, ScopedRelatedFilter
from portal.office.kept import once_a_row
from portal.office.labels import labelled
from portal.office.masked import Masked
from portal.office.names import (
    SUBJECT_TABLES,
    named_like,
    paper_name,
    party_name,
    through,
    with_paper_names,
)
from portal.office.roles import Desk
from portal.office.standing import Standing

_STATUS_LABELS = {
    CredentialStatus.VALID.value: "success",
    CredentialStatus.REVOKED.value: "danger",
    CredentialStatus.LOST.value: "warning",
    CredentialStatus.SUPERSEDED.value: "info",
}


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _until(paper: Credential) -> str:
    if paper.status != CredentialStatus.VALID:
        return f"· {paper.get_status_display()}"
    return _("· until %(day)s") % {"day": _day(paper.expires_on)} if paper.expires_on else ""


def _contacts(points: Iterable[ContactPoint]) -> Iterator[tuple[str, str]]:
    for point in points:
        hidden = mask_phone(point.value) if point.channel == ContactChannel.SMS else "•••"
        yield point.get_channel_display(), hidden


class RelationInline(DeskInline):
    """Kin who live where the official may look; others are not named (F34)."""

    model = Relation
    fk_name = "relative"
    desk = Desk.PEOPLE
    unit_paths = ("person__unit",)
    joined = ("person",)
    people_paths = ("person_id",)
    verbose_name_plural = _("Family")
    fields = ("person", "kind")
    labels = {"person": _("full name"), "kind": _("Relation")}


class ChildInline(DeskInline):
    """Those whose parent or guardian the person is, as far as the official may look (F34)."""

    model = Relation
    fk_name = "person"
    desk = Desk.PEOPLE
    unit_paths = ("relative__unit",)
    joined = ("relative",)
    people_paths = ("relative_id",)
    verbose_name_plural = _("Children and wards")
    fields = ("relative", "as_what")
    readonly_fields = ("as_what",)
    labels = {"relative": _("full name")}

    @admin.display(description=_("Relation"))
    def as_what(self, row: Relation) -> str:
        """Return what they are to the person of the page."""
        return str(_("In guardianship") if row.kind == RelationKind.GUARDIAN else _("Child"))

    def visible_to(self, standing: Standing) -> QuerySet[Any]:
        """Return them without the spouse, who stands in the family already."""
        rows: QuerySet[Any] = super().visible_to(standing).exclude(kind=RelationKind.SPOUSE)
        return rows


class MembershipInline(DeskInline):
    model = HouseholdMember
    desk = Desk.PEOPLE
    unit_paths = ("household__unit",)
    joined = ("household",)
    verbose_name_plural = _("Household")
    fields = ("household", "relation_to_head", "is_head")
    labels = {"household": _("household number")}


@admin.register(Citizen)
class CitizenDesk(Masked, DeskAdmin):
    """People as the population register knows them."""

    desk = Desk.PEOPLE
    unit_paths = ("unit",)
    people_paths = ("pk",)
    joined = ("unit", "register", "party")
    purpose = ViewPurpose.COUNTER
    fields_logged = ("full_name", "personal_id_masked", "birth_date", "gender", "address", "papers")
    search_fields = ("full_name",)
    search_help_text = _("Name, accents or not, or the whole 12-digit number")
    ordering = ("name_sort",)
    list_display = ("full_name", "masked_pin", "born", "gender", "unit", "state")
    list_filter = (("unit", ScopedRelatedFilter), "gender")
    fieldsets = (
        (_("Person"), {"fields": (("full_name", "pin_line"), ("born", "gender"), ("life",))}),
        (_("Where"), {"fields": (("unit",), "current_address", "permanent_address")}),
        (
            _("What the registers hold"),
            {"fields": ("papers", "why_line", "reached_at", ("register", "as_of"))},
        ),
    )
    readonly_fields = (
        "pin_line",
        "born",
        "life",
        "reached_at",
        "papers",
        "why_line",
        "sensitive_line",
    )
    labels = {"register": _("register")}
    inlines = (RelationInline, ChildInline, MembershipInline)

    def search_by(self, rows: QuerySet[Any], term: str) -> QuerySet[Any]:
        """Return people by every word of a name, accents or not; numbers are posted."""
        return named_like(rows, "name_fold", term)

    @admin.display(description=_("personal number"))
    def masked_pin(self, row: Citizen) -> str:
        """Return the number with its middle hidden."""
        return mask_pin(row.pin) if row.pin else "–"

    @admin.display(description=_("birth date"), ordering="birth_date")
    def born(self, row: Citizen) -> str:
        """Return as much of the date as the register really knows."""
        if row.birth_precision == BirthPrecision.YEAR:
            return f"{row.birth_date:%Y}"
        if row.birth_precision == BirthPrecision.MONTH:
            return f"{row.birth_date:%m/%Y}"
        return _day(row.birth_date)

    @admin.display(description=_("where to reach the person"))
    @once_a_row
    def reached_at(self, row: Citizen) -> str:
        """Return the ways to the person, addresses masked."""
        points = list(row.party.contact_points.order_by("channel"))
        lines = format_html_join("", "<p>{}: {}</p>", _contacts(points)) or "–"
        has_phone = any(point.channel == ContactChannel.SMS for point in points)
        return self.with_way(row, lines, "phone") if has_phone else lines

    @admin.display(description=_("papers and licences"))
    @once_a_row
    def papers(self, row: Citizen) -> str:
        """Return the person's papers with their last days."""
        papers = row.party.credentials.exclude(kind__in=SENSITIVE_PAPERS)
        held = with_paper_names(papers.order_by("expires_on"))
        lines = ((paper_name(paper), paper.category, _until(paper)) for paper in held)
        return format_html_join("", "<p>{} {} {}</p>", lines) or "–"

    @labelled(_("state"), label={"alive": "success", "gone": "default"})
    def state(self, row: Citizen) -> tuple[str, Any]:
        """Return whether the person lives, as a coloured word."""
        return ("gone" if row.died_on else "alive"), self.life(row)

    @admin.display(description=_("state"))
    def life(self, row: Citizen) -> str:
        """Return whether the person lives, in words."""
        if row.died_on:
            return _("Died on %(day)s") % {"day": _day(row.died_on)}
        return str(_("Alive"))


@admin.register(Organisation)
class OrganisationDesk(DeskAdmin):
    desk = Desk.PEOPLE
    unit_paths = ("unit",)
    people_paths = ("pk",)
    joined = ("unit", "register")
    purpose = ViewPurpose.COUNTER
    fields_logged = ("name", "tax_code", "address")
    search_fields = ("name", "tax_code")
    list_display = ("name", "tax_code", "unit", "address")
    list_filter = (("unit", ScopedRelatedFilter),)
    fields = (("name", "tax_code"), "unit", "address", ("register", "as_of"))
    labels = {"register": _("register")}


@admin.register(Credential)
class CredentialDesk(DeskAdmin):
    """Papers with their terms; the number stays sealed, the holder is named."""

    desk = Desk.PEOPLE
    party_path = "holder"
    people_paths = ("holder_id",)
    joined = (*through("holder", SUBJECT_TABLES), "register")
    purpose = ViewPurpose.COUNTER
    fields_logged = ("full_name", "paper", "issued_on", "expires_on", "status")
    ordering = ("expires_on", "pk")
    list_display = (
        "paper",
        "category",
        "holder_named",
        "issued_on",
        "expires_on",
        "term",
        "status_label",
    )
    list_filter = (PaperKindFilter, "status", ("register", NamedRelatedFilter))
    search_fields = ("holder__citizen__name_fold",)
    search_help_text = _("Holder's name, accents or not")
    fieldsets = (
        (None, {"fields": (("paper", "category"), ("holder_named", "status"))}),
        (_("Validity"), {"fields": (("issued_on", "expires_on", "term"), "issuer")}),
        (_("Source"), {"fields": (("register", "as_of"),)}),
    )
    readonly_fields = ("paper", "holder_named")
    labels = {"register": _("register")}

    def visible_to(self, standing: Standing) -> QuerySet[Any]:
        """Return papers in scope, each with its name; none that says that somebody is poor."""
        papers = super().visible_to(standing).exclude(kind__in=SENSITIVE_PAPERS)
        return with_paper_names(papers)

    def search_by(self, rows: QuerySet[Any], term: str) -> QuerySet[Any]:
        """Return papers of people with every word of the name."""
        return named_like(rows, "holder__citizen__name_fold", term)

    def called(self, row: Credential) -> str:
        """Return the paper's name, and whose it is."""
        return f"{self.paper(row)} · {party_name(row.holder)}"

    @admin.display(description=_("paper"), ordering="kind")
    def paper(self, row: Credential) -> str:
        """Return the paper's name, as citizens know it."""
        return paper_name(row)

    @admin.display(description=_("holder"))
    def holder_named(self, row: Credential) -> str:
        """Return the holder's name."""
        return party_name(row.holder)

    @labelled(_("status"), ordering="status", label=_STATUS_LABELS)
    def status_label(self, row: Credential) -> tuple[str, str]:
        """Return the status as a coloured word."""
        return row.status, row.get_status_display()
