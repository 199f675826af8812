"""What each scan did, rule by rule: opened, reminded, retired, and how long it took."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from portal.office.base import DeskAdmin, DeskInline
from portal.office.catalogue import paper_of
from portal.office.labels import labelled
from portal.office.roles import Desk
from portal.office.standing import Standing
from procedures.enums import RunState
from procedures.models import ScanRun, ScanRunRule

_STATES = {
    RunState.RUNNING.value: "info",
    RunState.FINISHED.value: "success",
    RunState.FAILED.value: "danger",
}


class ScanRuleInline(DeskInline):
    model = ScanRunRule
    desk = Desk.SCANS
    joined = ("rule_version__rule",)
    verbose_name_plural = _("By rule")
    fields = (
        "rule_named",
        "opened_count",
        "reminded_count",
        "message_count",
        "retired_count",
        "duration_ms",
        "error",
    )
    readonly_fields = ("rule_named",)

    @admin.display(description=_("rule"))
    def rule_named(self, row: ScanRunRule) -> str:
        """Return the paper that the rule watches, and the version that ran."""
        version = row.rule_version
        return f"{paper_of(version)} (v{version.number})"


@admin.register(ScanRun)
class ScanRunDesk(DeskAdmin):
    """Runs with their sums; a run of a rule that failed names the error below."""

    desk = Desk.SCANS
    list_display = (
        "on_date",
        "kind",
        "state_label",
        "opened",
        "reminded",
        "sent",
        "retired",
        "took",
        "started_at",
    )
    list_filter = ("kind", "state")
    date_hierarchy = None
    fieldsets = (
        (None, {"fields": (("on_date", "kind"), ("state", "resumed_count"))}),
        (_("Times"), {"fields": (("started_at", "finished_at"),)}),
    )
    readonly_fields = ("started_at",)
    inlines = (ScanRuleInline,)

    def visible_to(self, standing: Standing) -> QuerySet[Any]:
        """Return runs with the sums over their rules; they name nobody."""
        runs: QuerySet[Any] = (
            super()
            .visible_to(standing)
            .annotate(
                opened_sum=Sum("rules__opened_count"),
                reminded_sum=Sum("rules__reminded_count"),
                message_sum=Sum("rules__message_count"),
                retired_sum=Sum("rules__retired_count"),
                took_time=F("finished_at") - F("started_at"),
            )
        )
        return runs

    @labelled(_("state"), ordering="state", label=_STATES)
    def state_label(self, row: Any) -> tuple[str, str]:
        """Return the state as a coloured word."""
        return row.state, row.get_state_display()

    @admin.display(description=_("opened"), ordering="opened_sum")
    def opened(self, row: Any) -> int:
        """Return how many suggestions were opened."""
        return row.opened_sum or 0

    @admin.display(description=_("reminded"), ordering="reminded_sum")
    def reminded(self, row: Any) -> int:
        """Return how many suggestions reached a stage."""
        return row.reminded_sum or 0

    @admin.display(description=_("messages"), ordering="message_sum")
    def sent(self, row: Any) -> int:
        """Return how many messages were queued."""
        return row.message_sum or 0

    @admin.display(description=_("retired"), ordering="retired_sum")
    def retired(self, row: Any) -> int:
        """Return how many suggestions were withdrawn."""
        return row.retired_sum or 0

    @admin.display(description=_("took"))
    def took(self, row: Any) -> str:
        """Return the seconds from start to end; the two clocks may differ by less than one."""
        if row.took_time is None:
            return "–"
        return f"{max(row.took_time.total_seconds(), 0):.1f} s"
