"""What the portal prepared for whom: a list to answer "why did I get this?" from."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.office.base import DeskAdmin, DeskInline
from portal.office.catalogue import paper_of, reason_of
from portal.office.filters import NamedRelatedFilter
from portal.office.labels import labelled
from portal.office.names import SUBJECT_TABLES, named_like, party_name, through
from portal.office.roles import Desk
from portal.office.standing import Standing
from procedures.enums import SuggestionState
from procedures.models import Recipient, Suggestion
from procedures.selectors.sensitive import sensitive_versions

_STATE_LABELS = {
    SuggestionState.OPEN.value: "warning",
    SuggestionState.SNOOZED.value: "info",
    SuggestionState.ACCEPTED.value: "primary",
    SuggestionState.FULFILLED.value: "success",
}


class RecipientInline(DeskInline):
    """Those to whom it is shown, where the official may look."""

    model = Recipient
    desk = Desk.SUGGESTIONS
    unit_paths = ("citizen__unit",)
    joined = ("citizen",)
    people_paths = ("citizen_id",)
    fields = ("citizen", "state", "seen_at")
    labels = {"citizen": _("citizen"), "state": _("state"), "seen_at": _("read at")}
    verbose_name_plural = _("Recipients")


@admin.register(Suggestion)
class SuggestionDesk(DeskAdmin):
    desk = Desk.SUGGESTIONS
    party_path = "subject"
    people_paths = ("subject_id",)
    joined = (*through("subject", SUBJECT_TABLES), "rule", "rule_version")
    fields_logged = ("full_name", "suggestion", "due_on", "state")
    ordering = ("due_on", "pk")
    list_display = (
        "subject_named",
        "offer",
        "due_on",
        "stage_sent",
        "next_remind_on",
        "state_label",
    )
    list_filter = ("state", ("rule", NamedRelatedFilter))
    search_fields = ("subject__citizen__name_fold",)
    search_help_text = _("Name, accents or not")
    fieldsets = (
        (None, {"fields": (("subject_named", "offer"), "reason_told", ("state", "reason"))}),
        (_("Dates"), {"fields": (("opened_on", "due_on"), ("stage_sent", "next_remind_on"))}),
    )
    readonly_fields = ("subject_named", "offer", "reason_told")
    labels = {"rule": _("rule")}
    inlines = (RecipientInline,)

    def visible_to(self, standing: Standing) -> QuerySet[Any]:
        """Return suggestions of one's units, without those that say by themselves who is poor.

        Those no list names (domain.md 7): the page "Why me" shows them to whoever may ask.
        """
        hidden = sensitive_versions(day=standing.day)
        return super().visible_to(standing).exclude(rule_version__in=hidden)

    def search_by(self, rows: QuerySet[Any], term: str) -> QuerySet[Any]:
        """Return suggestions about people with every word of the name."""
        return named_like(rows, "subject__citizen__name_fold", term)

    def called(self, row: Suggestion) -> str:
        """Return what is offered, and about whom it is."""
        return f"{self.offer(row)} · {party_name(row.subject)}"

    @admin.display(description=_("about"))
    def subject_named(self, row: Suggestion) -> str:
        """Return the name of whom it is about."""
        return party_name(row.subject)

    @admin.display(description=_("paper"), ordering="rule")
    def offer(self, row: Suggestion) -> str:
        """Return what is offered, by the rule's version that opened it."""
        return paper_of(row.rule_version)

    @admin.display(description=_("why"))
    def reason_told(self, row: Suggestion) -> str:
        """Return the rule in the sentence that the citizen read."""
        return reason_of(row.rule_version)

    @labelled(_("state"), ordering="state", label=_STATE_LABELS)
    def state_label(self, row: Suggestion) -> tuple[str, str]:
        """Return the state as a coloured word."""
        return row.state, row.get_state_display()
