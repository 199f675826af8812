"""What the pages of a rule and of its versions say of drafts: the editor, and what changes."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from portal.office.rule_changes import compared
from portal.office.rule_rights import may_write
from portal.office.standing import standing_of
from procedures.enums import VersionStatus
from procedures.models import Rule, RuleVersion
from procedures.selectors.drafts import drafts_of


class DraftPresses:
    """Adds the button that begins a draft to a rule's page, the way to the editor to a draft's."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one row, with what may be written next."""
        above = cast(Any, super())
        row = cast(Any, self).get_object(request, object_id) if object_id else None
        context = _offered(row if may_write(standing_of(request)) else None)
        shown: HttpResponse = above.changeform_view(
            request, object_id, form_url, context | (extra_context or {})
        )
        return shown

    @admin.display(description=_("What changes"))
    def changes(self, row: RuleVersion) -> SafeString:
        """Return where a version departs from the one before it, field by field."""
        found = compared(row)
        context = {"before": found.before, "changes": found.changes}
        html = render_to_string("office/parts/rule_compared.html", context)
        return mark_safe(html)  # noqa: S308 - our own escaped template


def _offered(row: Rule | RuleVersion | None) -> dict[str, Any]:
    if isinstance(row, Rule):
        return {"draft": drafts_of(row).first(), "begin_for": row}
    is_draft = row is not None and row.status == VersionStatus.DRAFT
    return {"draft": row if is_draft else None, "begin_for": None}
